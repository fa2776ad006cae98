package kr.kisgateway.gateway.quote;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.market.MarketSession;

/**
 * Price of an instrument with its day's figures, source and age. Prices are units of the market's currency; an absent one of the
 * day is 0.
 *
 * @param listed the quoted instrument
 * @param changePct signed percent with two decimals, rounded half up
 * @param bid best bid, where the source has one
 * @param ask best ask, where the source has one
 * @param tsMs receipt time of the pushed value, in epoch milliseconds; absent for REST, which has no time of its own
 * @param ageMillis age of the value
 * @param session current session of the market
 * @param feed feed that pushed it; absent for REST
 */
public record Quote(
        Listed listed,
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
        MarketSession session,
        Optional<PushFeed> feed) {
    /** Where the value came from, also when it was cached. */
    public enum Source {
        KIS_WS("kis-ws"),
        KIS_REST("kis-rest"),
        /** Requested from KIS for the other venue, because it returned no price of KRX. */
        NXT("nxt"),
        /** The close of the exchange's listing. */
        KRX("krx"),
        /** The close in the broker's listing of a US market. */
        LISTING("listing"),
        /** A safe value from the settings. */
        SETTINGS("settings"),
        /** The last known value, because no better source answers. */
        CACHE("cache");

        private final String wireName;

        Source(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /** Whether the value is reliable. */
    public enum State {
        HEALTHY,
        STALE,
        /** No market price: the safe value of the settings. */
        FALLBACK
    }

    static Quote ofPush(
            Listed listed, LastTick last, Source source, State state, long ageMillis, MarketSession session) {
        var trade = last.trade();
        return new Quote(
                listed,
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
                session,
                last.feed());
    }

    static Quote ofRest(
            Listed listed, RestQuote rest, Source source, State state, long ageMillis, MarketSession session) {
        return new Quote(
                listed,
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
                session,
                Optional.empty());
    }

    /** A copy with the best prices; 0 means none. */
    Quote withBest(long bestBid, long bestAsk) {
        return new Quote(
                listed,
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
                session,
                feed);
    }

    /** {@code part} of {@code total} in percent, two decimals; zero when {@code total} is zero. */
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
