package kr.kisgateway.gateway.face;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.wire.RestCall;

/** The fields of an order of US stocks as KIS's protocol spells them (해외주식 주문, 정정취소, 미국주간주문, 미국주간정정취소). */
final class UsOrderFields {
    private static final Pattern QTY = Pattern.compile("[0-9]{1,10}");
    private static final Pattern PRICE = Pattern.compile("[0-9]{1,8}([.][0-9]{1,8})?");
    private static final Set<String> BUYS =
            Set.of("TTTT1002U", "JTTT1002U", "VTTT1002U", "TTTS6036U", "TTTT3014U", "VTTT3014U");
    private static final Set<String> SALES =
            Set.of("TTTT1006U", "JTTT1006U", "VTTT1001U", "TTTS6037U", "TTTT3016U", "VTTT3016U");
    private static final Set<String> REVISIONS = Set.of("TTTT1004U", "JTTT1004U", "VTTT1004U", "TTTS6038U");

    private final Map<String, String> fields;
    private final String trId;
    private final String qtyName;
    private final String priceName;
    private final boolean dayMarket;

    UsOrderFields(RestCall call, String trId, Map<String, String> fields) {
        this(call, trId, fields, "ORD_QTY", "OVRS_ORD_UNPR");
    }

    private UsOrderFields(RestCall call, String trId, Map<String, String> fields, String qtyName, String priceName) {
        this.fields = fields;
        this.qtyName = qtyName;
        this.priceName = priceName;
        this.trId = trId;
        this.dayMarket = call.id().startsWith("overseas_stock_daytime");
    }

    /** The fields of a reserved order (예약주문), whose quantity and price have other names. */
    static UsOrderFields ofReservation(RestCall call, String trId, Map<String, String> fields) {
        Map<String, String> all = new HashMap<>(fields);
        if (fields.getOrDefault("ORD_DVSN", "").isBlank()) {
            all.put("ORD_DVSN", "00"); // KIS requires none
        }
        return new UsOrderFields(call, trId, all, "FT_ORD_QTY", "FT_ORD_UNPR3");
    }

    /** Whether the fields name an exchange of US stocks, or none. */
    static boolean isUsExchange(Map<String, String> fields) {
        return Set.of("", "NASD", "NYSE", "AMEX")
                .contains(fields.getOrDefault("OVRS_EXCG_CD", "").strip());
    }

    String qtyName() {
        return qtyName;
    }

    String priceName() {
        return priceName;
    }

    /** Whether TR and exchange are those of US stocks; the calls take orders of other countries, too. */
    boolean isUs() {
        return (BUYS.contains(trId) || SALES.contains(trId) || REVISIONS.contains(trId))
                && exchange().isPresent();
    }

    private Optional<UsExchange> exchange() {
        return switch (text("OVRS_EXCG_CD")) {
            case "NASD" -> Optional.of(UsExchange.NASD);
            case "NYSE" -> Optional.of(UsExchange.NYSE);
            case "AMEX" -> Optional.of(UsExchange.AMEX);
            default -> Optional.empty();
        };
    }

    boolean isDayMarket() {
        return dayMarket;
    }

    Side side() {
        return SALES.contains(trId) ? Side.SELL : Side.BUY;
    }

    /** The stock; empty when its code cannot be one. */
    Optional<UsSymbol> symbol() {
        return exchange().flatMap(exchange -> UsSymbol.of(exchange, text("PDNO")));
    }

    /** Shares; empty where the field is no number. */
    OptionalLong qty() {
        return QTY.matcher(text(qtyName)).matches()
                ? OptionalLong.of(Long.parseLong(text(qtyName)))
                : OptionalLong.empty();
    }

    /** Whether the field of the price is a number. */
    boolean hasPrice() {
        return PRICE.matcher(text(priceName)).matches();
    }

    /** Ten-thousandths of a dollar; empty where the field is no number, or has more decimals. */
    OptionalLong price() {
        if (!hasPrice()) {
            return OptionalLong.empty();
        }
        BigDecimal units = new BigDecimal(text(priceName))
                .movePointRight(Currency.USD.decimals())
                .stripTrailingZeros();
        return units.scale() > 0 ? OptionalLong.empty() : OptionalLong.of(units.longValueExact());
    }

    /** Whether SLL_TYPE is that of its side, and no time is named over which it shall be split. */
    boolean isOrdinary() {
        boolean ofItsSide = text("SLL_TYPE").isEmpty()
                || side() == Side.SELL && text("SLL_TYPE").equals("00");
        return ofItsSide
                && Stream.of("ALGO_ORD_TMD_DVSN_CD", "START_TIME", "END_TIME")
                        .allMatch(name -> text(name).isEmpty());
    }

    /** Whether the revision is a cancel; empty when it is neither that nor a modification. */
    Optional<Boolean> isCancel() {
        return switch (text("RVSE_CNCL_DVSN_CD")) {
            case "01" -> Optional.of(false);
            case "02" -> Optional.of(true);
            default -> Optional.empty();
        };
    }

    /** What kind of order ORD_DVSN names; empty for one that does not exist on this side. */
    Optional<OrderKind> kind() {
        Optional<OrderType> type = switch (text("ORD_DVSN")) {
            case "00" -> Optional.of(OrderType.LIMIT);
            case "31" -> Optional.of(OrderType.MOO);
            case "32" -> Optional.of(OrderType.LOO);
            case "33" -> Optional.of(OrderType.MOC);
            case "34" -> Optional.of(OrderType.LOC);
            default -> Optional.empty();
        };
        return type.filter(it -> it.isPriced() || side() == Side.SELL)
                .filter(it -> !dayMarket || it == OrderType.LIMIT)
                .map(it ->
                        new OrderKind(it, dayMarket ? OrderSession.DAY_MARKET : OrderSession.REGULAR, TimeInForce.DAY));
    }

    private String text(String name) {
        return fields.getOrDefault(name, "").strip();
    }
}
