package kr.kisgateway.examples;

import java.util.Map;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.Kis;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Placement;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.parse.PriceAnswer;

/** Bids for one share at the day's lower limit, where nobody sells, and takes the order back. */
public final class Order {
    private static final Symbol SAMSUNG = new Symbol("005930");

    private Order() {}

    public static void main(String[] args) {
        try (KisClient kis = Kis.connect()) {
            boolean playMoney = kis.environment() == Environment.PAPER_FACE
                    || "127.0.0.1".equals(kis.restBase().getHost());
            if (!playMoney) {
                IO.println("this example places orders on a simulator or in paper trading only");
            } else if (kis.domestic().price(SAMSUNG) instanceof KisReply.Ok<PriceAnswer>(PriceAnswer now)) {
                order(kis, now.lowerLimit());
            }
        }
    }

    private static void order(KisClient kis, long price) {
        Map<String, String> limitOrder = Map.of(
                "PDNO",
                SAMSUNG.code(),
                "ORD_DVSN",
                "00",
                "ORD_QTY",
                "1",
                "ORD_UNPR",
                "" + price,
                "EXCG_ID_DVSN_CD",
                "KRX");
        switch (kis.send("TTTC0012U", limitOrder, CallOptions.standard())) {
            case Placement.Accepted it -> {
                IO.println("order " + it.odno() + " rests at " + price + " won");
                cancel(kis, it);
            }
            case Placement.Refused it -> IO.println("refused: " + it);
            case Placement.NotSent it -> IO.println("not sent: " + it);
            // Never send it again by itself: it may have been taken. Look it up in the day's orders first.
            case Placement.Unknown it -> IO.println("unknown: " + it);
        }
    }

    private static void cancel(KisClient kis, Placement.Accepted order) {
        Map<String, String> all = Map.of(
                "KRX_FWDG_ORD_ORGNO",
                order.orgNo(),
                "ORGN_ODNO",
                "%010d".formatted(order.odno()),
                "ORD_DVSN",
                "00",
                "RVSE_CNCL_DVSN_CD",
                "02",
                "ORD_QTY",
                "0",
                "ORD_UNPR",
                "0",
                "QTY_ALL_ORD_YN",
                "Y",
                "EXCG_ID_DVSN_CD",
                "KRX");
        Placement cancelled = kis.send("TTTC0013U", all, CallOptions.standard());
        IO.println(cancelled instanceof Placement.Accepted ? "cancelled" : "not cancelled: " + cancelled);
    }
}
