package kr.kisgateway.simulator.broker;

import java.util.HashMap;
import java.util.Map;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Venue;

/** Purchases of every Korean kind, priced so that they rest, and their changes, as KIS documents the fields. */
final class KoreanOrders {
    /** So far below the last close that it rests. */
    static final long LOW = TwoTraders.BASE - 50 * TwoTraders.TICK;

    private static final Stock SAMSUNG = new Stock(TwoTraders.SAMSUNG, LOW, TwoTraders.BASE + TwoTraders.TICK);

    private KoreanOrders() {}

    /**
     * What is bought.
     *
     * @param stopPrice of a stop limit
     */
    record Stock(String symbol, long price, long stopPrice) {}

    static TestBroker.Answer place(TestBroker broker, KoreanOrderKind it, long qty) {
        return place(broker, SAMSUNG, it.code(), it.kind().type(), it.venue(), qty);
    }

    static TestBroker.Answer place(TestBroker broker, String code, OrderType type, Venue venue) {
        return place(broker, SAMSUNG, code, type, venue, 1);
    }

    static TestBroker.Answer place(TestBroker broker, Stock stock, String code, OrderType type, Venue venue, long qty) {
        Map<String, String> more = new HashMap<>(Map.of("EXCG_ID_DVSN_CD", venue.name()));
        if (type == OrderType.STOP_LIMIT) {
            more.put("CNDT_PRIC", Long.toString(stock.stopPrice()));
        }
        return broker.order(TwoTraders.ME, true, stock.symbol(), code, qty, type.isPriced() ? stock.price() : 0, more);
    }

    /**
     * Both sides of its venue have a price, so that every type finds one; what it buys of it leaves a rest. Sessions at one price have
     * no book.
     */
    static void quote(TestBroker broker, KoreanOrderKind it) {
        if (it.kind().session() == OrderSession.PRE_OPEN || it.kind().session() == OrderSession.AFTER_HOURS) {
            return;
        }
        ask(broker, it, TwoTraders.BASE + 4 * TwoTraders.TICK);
        ordinary(broker, it, true, TwoTraders.BASE - 10 * TwoTraders.TICK);
    }

    /** Another account sells one share where {@code it} is matched. */
    static void ask(TestBroker broker, KoreanOrderKind it, long price) {
        ordinary(broker, it, false, price);
    }

    private static void ordinary(TestBroker broker, KoreanOrderKind it, boolean buy, long price) {
        String code = it.kind().session() == OrderSession.AFTER_MARKET ? "41" : "00";
        TwoTraders.odno(broker.order(
                TwoTraders.YOU,
                buy,
                TwoTraders.SAMSUNG,
                code,
                1,
                price,
                Map.of("EXCG_ID_DVSN_CD", it.venue().name())));
    }

    /** Cancels all of its rest. */
    static TestBroker.Answer cancel(TestBroker broker, KoreanOrderKind it, String odno) {
        return revise(broker, it, odno, Map.of("RVSE_CNCL_DVSN_CD", "02"));
    }

    /** @param more what is unlike a revision of the entire rest without a price */
    static TestBroker.Answer revise(TestBroker broker, KoreanOrderKind it, String odno, Map<String, String> more) {
        Map<String, String> body = new HashMap<>(Map.of(
                "CANO",
                TwoTraders.ME,
                "ACNT_PRDT_CD",
                "01",
                "KRX_FWDG_ORD_ORGNO",
                "",
                "ORGN_ODNO",
                odno,
                "ORD_DVSN",
                it.code(),
                "ORD_QTY",
                "0",
                "ORD_UNPR",
                "0",
                "QTY_ALL_ORD_YN",
                "Y",
                "EXCG_ID_DVSN_CD",
                it.venue().name()));
        body.putAll(more);
        return broker.call("POST", TestBroker.TRADING + "order-rvsecncl", Map.of("tr_id", "TTTC0013U"), body);
    }
}
