package kr.kisgateway.examples;

import java.util.List;
import kr.kisgateway.client.CancelOrder;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.Kis;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.PlaceOrder;
import kr.kisgateway.client.Placement;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.parse.OpenOrder;
import kr.kisgateway.wire.parse.PriceAnswer;

/** Bids for one share at the day's lower limit, where no seller is, looks the order up and cancels it. */
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
        var bid = new PlaceOrder(SAMSUNG, Side.BUY, OrderType.LIMIT, 1, price, Venue.KRX);
        switch (kis.domestic().place(bid)) {
            case Placement.Accepted it -> {
                IO.println("order " + it.odno() + " rests at " + price + " won");
                if (kis.domestic().openOrders() instanceof KisReply.Ok<List<OpenOrder>>(List<OpenOrder> open)) {
                    IO.println("open: " + open.stream().map(OpenOrder::odno).toList());
                }
                var all = new CancelOrder(it.orgNo(), it.odno(), SAMSUNG, Venue.KRX, "00", 1, true);
                Placement cancelled = kis.domestic().cancel(all);
                IO.println(cancelled instanceof Placement.Accepted ? "cancelled" : "not cancelled: " + cancelled);
            }
            case Placement.Refused it -> IO.println("refused: " + it.explanation());
            case Placement.NotSent it -> IO.println("not sent: " + it.explanation());
            // Never send it again by itself: it may have been taken. Look it up in the day's orders first.
            case Placement.Unknown it -> IO.println("unknown: " + it);
        }
    }
}
