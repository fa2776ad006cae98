package kr.kisgateway.client.overseas;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import kr.kisgateway.client.OverseasFilter;
import kr.kisgateway.client.OverseasOrder;
import kr.kisgateway.client.check.OverseasChecks;
import kr.kisgateway.market.Side;
import kr.kisgateway.wire.OverseasExchange;
import kr.kisgateway.wire.OverseasSymbol;

/** TR ids and parameters of the requests about an account's orders and shares of US stocks. */
public final class OverseasRequests {
    /** The TR id of {@link #orders}. */
    public static final String ORDERS = "TTTS3035R";

    /** The TR id of {@link #holdings}. */
    public static final String HOLDINGS = "TTTS3012R";

    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

    private OverseasRequests() {}

    /** The TR id of a new order. */
    public static String placing(OverseasOrder order) {
        boolean buys = order.side() == Side.BUY;
        if (order.dayMarket()) {
            return buys ? "TTTS6036U" : "TTTS6037U";
        }
        return buys ? "TTTT1002U" : "TTTT1006U";
    }

    /** The body of a new order. */
    public static Map<String, String> body(OverseasOrder order) {
        Map<String, String> body = body(order.symbol());
        body.put("ORD_QTY", Long.toString(order.qty()));
        body.put("OVRS_ORD_UNPR", OverseasChecks.format(order.price()));
        body.put("CTAC_TLNO", "");
        body.put("MGCO_APTM_ODNO", "");
        if (!order.dayMarket()) {
            body.put("SLL_TYPE", order.side() == Side.SELL ? "00" : "");
        }
        body.put("ORD_SVR_DVSN_CD", "0");
        body.put("ORD_DVSN", order.type().code());
        return body;
    }

    /** The TR id of a new price or a cancel. */
    public static String revising(boolean dayMarket) {
        return dayMarket ? "TTTS6038U" : "TTTT1004U";
    }

    /**
     * The body of a new price or a cancel.
     *
     * @param revisionCode 01 for a new price, 02 for a cancel
     */
    public static Map<String, String> revision(
            String revisionCode, OverseasSymbol symbol, boolean dayMarket, long odno, long qty, BigDecimal price) {
        Map<String, String> body = body(symbol);
        body.put("ORGN_ODNO", "%010d".formatted(odno));
        body.put("RVSE_CNCL_DVSN_CD", revisionCode);
        body.put("ORD_QTY", Long.toString(qty));
        body.put("OVRS_ORD_UNPR", OverseasChecks.format(price));
        if (dayMarket) {
            body.put("CTAC_TLNO", "");
        }
        body.put("MGCO_APTM_ODNO", "");
        body.put("ORD_SVR_DVSN_CD", "0");
        return body;
    }

    private static Map<String, String> body(OverseasSymbol symbol) {
        var body = new LinkedHashMap<String, String>();
        body.put("OVRS_EXCG_CD", symbol.exchange().name());
        body.put("PDNO", symbol.code());
        return body;
    }

    /**
     * The parameters of the list of orders.
     *
     * @param from the first local day, included
     * @param to the last local day, included
     * @param anyCode what the environment has for every symbol
     */
    public static Map<String, String> orders(LocalDate from, LocalDate to, OverseasFilter filter, String anyCode) {
        return Map.ofEntries(
                Map.entry("PDNO", filter.symbol().map(OverseasSymbol::code).orElse(anyCode)),
                Map.entry("ORD_STRT_DT", DAY.format(from)),
                Map.entry("ORD_END_DT", DAY.format(to)),
                Map.entry(
                        "SLL_BUY_DVSN",
                        filter.side().map(OverseasRequests::code).orElse("00")),
                Map.entry("CCLD_NCCS_DVSN", filter.state().code()),
                Map.entry(
                        "OVRS_EXCG_CD",
                        filter.symbol().map(it -> it.exchange().name()).orElse(anyCode)),
                Map.entry("SORT_SQN", "DS"),
                Map.entry("ORD_DT", ""),
                Map.entry("ORD_GNO_BRNO", ""),
                Map.entry("ODNO", ""));
    }

    /** The parameters of the shares held. */
    public static Map<String, String> holdings(OverseasExchange exchange) {
        return Map.of("OVRS_EXCG_CD", exchange.name(), "TR_CRCY_CD", "USD");
    }

    private static String code(Side side) {
        return side == Side.SELL ? "01" : "02";
    }
}
