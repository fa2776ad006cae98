package kr.kisgateway.gateway.quote;

import java.math.BigDecimal;
import java.util.OptionalLong;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Session;

/**
 * An answer to "what does it cost": the figures, where they came from and how old they are. Prices are won.
 *
 * @param instrument what is quoted
 * @param changePct signed percent with two decimals, rounded half up
 * @param bid best bid, where the source has one
 * @param ask best ask, where the source has one
 * @param tsMs when the pushed value came, in epoch milliseconds; absent for REST, which has no time of its own
 * @param ageMillis how old the value is
 * @param session what the market is doing now
 */
public record Quote(
        Instrument instrument,
        long price,
        long change,
        BigDecimal changePct,
        long open,
        long high,
        long low,
        long volume,
        long turnover,
        OptionalLong bid,
        OptionalLong ask,
        OptionalLong marketCap,
        Source source,
        State state,
        OptionalLong tsMs,
        long ageMillis,
        Session session) {
    /** Where the value came from, also when a cache held it. */
    public enum Source {
        KIS_WS("kis-ws"),
        KIS_REST("kis-rest"),
        /** Asked of KIS for the other venue, because it gave none of KRX. */
        NXT("nxt"),
        /** The close of the exchange's listing. */
        KRX("krx"),
        /** The close that the broker's list of an American market has. */
        LISTING("listing"),
        /** A safe value that somebody set. */
        SETTINGS("settings"),
        /** The last value known, because nothing better answers. */
        CACHE("cache");

        private final String wireName;

        Source(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /** Whether the value may be relied on. */
    public enum State {
        HEALTHY,
        STALE,
        /** No price of the market at all: the safe value of the settings. */
        FALLBACK
    }

    static Quote ofPush(
            Instrument instrument, LastTick last, Source source, State state, long ageMillis, Session session) {
        var trade = last.trade();
        return new Quote(
                instrument,
                trade.price(),
                trade.change(),
                percent(trade.change(), trade.price() - trade.change()),
                trade.open(),
                trade.high(),
                trade.low(),
                trade.volume(),
                trade.turnover(),
                last.bid(),
                last.ask(),
                OptionalLong.empty(),
                source,
                state,
                OptionalLong.of(last.tradeAtMs()),
                ageMillis,
                session);
    }

    static Quote ofRest(
            Instrument instrument, RestQuote rest, Source source, State state, long ageMillis, Session session) {
        return new Quote(
                instrument,
                rest.price(),
                rest.change(),
                rest.changePct(),
                rest.open(),
                rest.high(),
                rest.low(),
                rest.volume(),
                rest.turnover(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                rest.marketCap(),
                source,
                state,
                OptionalLong.empty(),
                ageMillis,
                session);
    }

    /** The same with the best prices, of which 0 means that there is none. */
    Quote withBest(long bestBid, long bestAsk) {
        return new Quote(
                instrument,
                price,
                change,
                changePct,
                open,
                high,
                low,
                volume,
                turnover,
                bestBid > 0 ? OptionalLong.of(bestBid) : OptionalLong.empty(),
                bestAsk > 0 ? OptionalLong.of(bestAsk) : OptionalLong.empty(),
                marketCap,
                source,
                state,
                tsMs,
                ageMillis,
                session);
    }

    /** {@code part} of {@code whole} in percent, two decimals; zero of nothing is zero. */
    public static BigDecimal percent(long part, long total) {
        if (total == 0) {
            return BigDecimal.ZERO.setScale(2);
        }
        // Long arithmetic suffices (|part| < 2^49) and is a tenth of the cost of dividing decimals.
        var scaled = Math.abs(Math.multiplyExact(part, 20_000L)) / Math.abs(total);
        var rounded = (scaled + 1) / 2;
        return BigDecimal.valueOf((part < 0) == (total < 0) ? rounded : -rounded, 2);
    }

    /** The previous close that the change is measured from. */
    public long prevClose() {
        return price - change;
    }
}
