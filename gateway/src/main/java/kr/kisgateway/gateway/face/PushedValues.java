package kr.kisgateway.gateway.face;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import kr.kisgateway.gateway.quote.Feed;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.gateway.quote.QuoteRule;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;

/**
 * Trades and books of Korean stocks that KIS pushes, where nothing of them can be missing: in continuous trading, while the
 * registration stands.
 *
 * @param feed state of the feed of trades
 * @param bookLive whether the last pushed book of a symbol is current
 * @param rule when a pushed value of the Korean market is current
 */
public record PushedValues(
        QuoteStore store, Feed feed, Predicate<MarketSymbol> bookLive, QuoteRule rule, InstantSource clock) {
    /** Whether every trade is pushed now. */
    boolean hasTrades(Symbol symbol) {
        return isContinuous() && feed.isLive(symbol);
    }

    /** Whether every book is pushed now. */
    boolean hasBooks(Symbol symbol) {
        return isContinuous() && bookLive.test(symbol);
    }

    /** The last pushed trade; empty when none was pushed after {@code instant}. */
    Optional<LastTick> tradeAfter(Symbol symbol, Instant instant) {
        return store.last(symbol)
                .filter(tick -> !tick.polled() && isDomestic(tick.feed()) && tick.tradeAtMs() > instant.toEpochMilli());
    }

    /** Whether the last pushed trade is the one after which the day had this volume, or an earlier one. */
    boolean hasNoneAfter(Symbol symbol, long volume) {
        return store.last(symbol)
                .filter(tick -> isDomestic(tick.feed()) && tick.trade().volume() <= volume)
                .isPresent();
    }

    /** The last pushed book; empty when none was pushed after {@code instant}. */
    Optional<LastBook> bookAfter(Symbol symbol, Instant instant) {
        return store.lastBook(symbol).filter(last -> isDomestic(last.feed()) && last.atMs() > instant.toEpochMilli());
    }

    private static boolean isDomestic(Optional<PushFeed> pushedBy) {
        return pushedBy.equals(Optional.of(PushFeed.DOMESTIC));
    }

    private boolean isContinuous() {
        var now = clock.instant();
        var session = rule.session(now);
        return rule.isPushHour(session)
                && !session.isAuction()
                && rule.isFeedAlive(feed.feedStatus().lastActivityAt(), now);
    }
}
