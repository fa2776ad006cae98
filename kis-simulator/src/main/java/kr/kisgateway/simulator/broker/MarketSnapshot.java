package kr.kisgateway.simulator.broker;

import java.util.Comparator;
import java.util.Optional;
import java.util.TreeMap;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.exchange.Auction;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.Stock;
import kr.kisgateway.simulator.exchange.Tape;

/**
 * A stock at an instant within one {@link VenueScope}.
 *
 * @param stock on the venue, of both KRX's: limits, ticks and phases are its
 * @param figures of the day; of both venues together their sums, the earlier open and the later last price
 * @param visible ten levels in KIS's order
 */
record MarketSnapshot(
        Stock stock, Tape.Figures figures, long[] visible, long totalAsk, long totalBid, Auction.Match expected) {
    static MarketSnapshot of(Stock stock) {
        long[] visible = stock.visible();
        return new MarketSnapshot(
                stock,
                stock.tape().figures(),
                visible,
                stock.total(Side.SELL, visible),
                stock.total(Side.BUY, visible),
                stock.expected());
    }

    /** The snapshot; empty when the stock does not trade in this scope. */
    static Optional<MarketSnapshot> of(Exchange exchange, Symbol symbol, VenueScope scope) {
        return switch (scope) {
            case KRX -> exchange.find(symbol).map(MarketSnapshot::of);
            case NXT -> exchange.find(symbol, Venue.NXT).map(MarketSnapshot::of);
            case BOTH ->
                exchange.find(symbol)
                        .map(krx -> exchange.find(symbol, Venue.NXT)
                                .map(nxt -> both(of(krx), of(nxt)))
                                .orElseGet(() -> of(krx)));
        };
    }

    private static MarketSnapshot both(MarketSnapshot krx, MarketSnapshot nxt) {
        boolean nxtLater = nxt.stock.tape().lastAt() > krx.stock.tape().lastAt();
        long[] visible = new long[4 * OrderBook.LEVELS];
        merge(krx.visible, nxt.visible, 0, Comparator.naturalOrder(), visible);
        merge(krx.visible, nxt.visible, OrderBook.LEVELS, Comparator.reverseOrder(), visible);
        return new MarketSnapshot(
                krx.stock,
                sum(krx.figures, nxt.figures, nxtLater),
                visible,
                krx.totalAsk + nxt.totalAsk,
                krx.totalBid + nxt.totalBid,
                krx.expected.qty() > 0 ? krx.expected : nxt.expected);
    }

    private static void merge(long[] a, long[] b, int at, Comparator<Long> bestFirst, long[] out) {
        TreeMap<Long, Long> levels = new TreeMap<>(bestFirst);
        for (long[] each : new long[][] {a, b}) {
            for (int i = at; i < at + OrderBook.LEVELS && each[i] > 0; i++) {
                levels.merge(each[i], each[i + 2 * OrderBook.LEVELS], Long::sum);
            }
        }
        int i = at;
        for (var level : levels.entrySet()) {
            if (i == at + OrderBook.LEVELS) {
                return;
            }
            out[i] = level.getKey();
            out[i + 2 * OrderBook.LEVELS] = level.getValue();
            i++;
        }
    }

    private static Tape.Figures sum(Tape.Figures krx, Tape.Figures nxt, boolean nxtLater) {
        boolean nxtAlone = krx.open() == 0 && nxt.open() > 0;
        boolean bothTraded = krx.open() > 0 && nxt.open() > 0;
        Tape.Figures first = nxtAlone || bothTraded && nxt.openAt() < krx.openAt() ? nxt : krx;
        Tape.Figures highest = nxtAlone || bothTraded && nxt.high() > krx.high() ? nxt : krx;
        Tape.Figures lowest = nxtAlone || bothTraded && nxt.low() < krx.low() ? nxt : krx;
        return new Tape.Figures(
                krx.base(),
                nxtAlone || bothTraded && nxtLater ? nxt.last() : krx.last(),
                first.open(),
                highest.high(),
                lowest.low(),
                first.openAt(),
                highest.highAt(),
                lowest.lowAt(),
                krx.volume() + nxt.volume(),
                krx.turnover() + nxt.turnover(),
                krx.buyVolume() + nxt.buyVolume(),
                krx.sellVolume() + nxt.sellVolume(),
                krx.buyCount() + nxt.buyCount(),
                krx.sellCount() + nxt.sellCount(),
                krx.close(),
                Math.max(krx.playedTo(), nxt.playedTo()));
    }

    long ask() {
        return visible[0];
    }

    long bid() {
        return visible[OrderBook.LEVELS];
    }

    long askQty() {
        return visible[2 * OrderBook.LEVELS];
    }

    long bidQty() {
        return visible[3 * OrderBook.LEVELS];
    }
}
