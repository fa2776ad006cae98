package kr.kisgateway.examples;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.client.Kis;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.RealtimeKey;

/** Trades and order books of two stocks as they happen, until ten trades have arrived. */
public final class Stream {
    private static final int TRADES = 10;

    private Stream() {}

    public static void main(String[] args) throws InterruptedException {
        var left = new CountDownLatch(TRADES);
        KisListener listener = new KisListener() {
            @Override
            public void trade(Trade trade) {
                IO.println("trade " + trade.symbol() + " " + trade.price() + " x " + trade.qty());
                left.countDown();
            }

            @Override
            public void book(OrderBook book) {
                IO.println("book  " + book.symbol() + " " + book.bidPrice(0) + " | " + book.askPrice(0));
            }
        };
        try (KisClient kis = Kis.connect(listener)) {
            for (String symbol : new String[] {"005930", "000660"}) {
                kis.realtime().register(new RealtimeKey("H0STCNT0", symbol)); // trades (실시간체결가)
                kis.realtime().register(new RealtimeKey("H0STASP0", symbol)); // books (실시간호가)
            }
            if (!left.await(1, TimeUnit.MINUTES)) {
                IO.println("a quiet market: " + kis.realtime().status().state());
            }
        }
    }
}
