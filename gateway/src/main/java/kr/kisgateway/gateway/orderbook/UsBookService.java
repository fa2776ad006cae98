package kr.kisgateway.gateway.orderbook;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kr.kisgateway.gateway.cache.AnswerCache;
import kr.kisgateway.gateway.cache.CacheStats;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.cache.UsAnswerLifetime;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.quote.Feed;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.quote.QuoteRule;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.quote.UsBook;
import kr.kisgateway.gateway.quote.UsFeed;
import kr.kisgateway.gateway.quote.UsQuoteStore;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.UsSymbol;

/**
 * Answers US books, by the rule for US quotes. KIS pushes the best bid and ask alone, so the push answers requests for one
 * level only; in an answer to a deeper request the missing levels would not be visible.
 */
public final class UsBookService {
    /** Levels of the push. */
    static final int PUSHED_DEPTH = 1;

    /** How long the last book replaces one that KIS fails to give. */
    private static final Duration STALE_LIFE = Duration.ofMinutes(10);

    private final UsQuoteStore store;
    private final Predicate<UsSymbol> live;
    private final Supplier<Feed.Status> feed;
    private final QuoteRule rule;
    private final UsHours hours;
    private final UsBookSource source;
    private final InstantSource clock;
    private final UsAnswerLifetime life;
    private final AnswerCache<BookKey, UsBook> restBooks;

    /** A stock and whether its day market is meant. */
    public record BookKey(UsSymbol symbol, boolean dayMarket) {}

    /**
     * @param live whether the last pushed book of a stock is current
     * @param life lifetime of requested books
     * @param sharedCache other gateways' answers
     * @param cooldown no call for a symbol this long after KIS refused for its rate
     */
    public UsBookService(
            UsQuoteStore store,
            Predicate<UsSymbol> live,
            Supplier<Feed.Status> feed,
            QuoteRule rule,
            UsHours hours,
            UsBookSource source,
            Duration life,
            SharedCache<BookKey, UsBook> sharedCache,
            Duration cooldown,
            InstantSource clock) {
        this.store = store;
        this.live = live;
        this.feed = feed;
        this.rule = rule;
        this.hours = hours;
        this.source = source;
        this.clock = clock;
        this.life = UsAnswerLifetime.extendedBy(sharedCache, hours, life);
        this.restBooks =
                new AnswerCache<>("us_book", life, STALE_LIFE, QuoteStore.SYMBOLS_MAX, cooldown, sharedCache, clock);
    }

    /**
     * The book of {@code listed}.
     *
     * @param depth requested levels per side
     * @param tenant whose share of the call budget is used
     * @throws RefusedException when no source has one
     */
    UsBookAnswer book(Listed.Us listed, int depth, String tenant) {
        var now = clock.instant();
        var session = hours.at(now).session();
        var pushed = depth <= PUSHED_DEPTH ? findPushed(listed, session, now) : Optional.<UsBookAnswer>empty();
        return pushed.orElseGet(() -> restBooks(listed, session, depth, tenant));
    }

    private Optional<UsBookAnswer> findPushed(Listed.Us listed, UsSession session, Instant now) {
        boolean usable = session.isOpen()
                && live.test(listed.symbol())
                && rule.isFeedAlive(feed.get().lastActivityAt(), now);
        if (!usable) {
            return Optional.empty();
        }
        return store.lastBook(listed.symbol())
                // A polled book has no feed, and the day market's book is valid in no other session.
                .filter(last -> last.feed()
                        .filter(pushFeed -> (pushFeed == UsFeed.DAY_MARKET) == (session == UsSession.DAY_MARKET))
                        .isPresent())
                .map(last -> new UsBookAnswer(
                        listed,
                        last.book(),
                        PUSHED_DEPTH,
                        Source.KIS_WS,
                        State.HEALTHY,
                        OptionalLong.of(last.atMs()),
                        Math.max(0, now.toEpochMilli() - last.atMs()),
                        session,
                        last.feed()));
    }

    private UsBookAnswer restBooks(Listed.Us listed, UsSession session, int depth, String tenant) {
        var key = new BookKey(listed.symbol(), session == UsSession.DAY_MARKET);
        return restBooks
                .request(
                        key,
                        at -> life.isFresh(at, clock.instant()),
                        () -> source.fetch(key.symbol(), key.dayMarket(), tenant))
                .map(found -> {
                    long age = Math.max(
                            0, Duration.between(found.at(), clock.instant()).toMillis());
                    return new UsBookAnswer(
                            listed,
                            found.value().best(depth),
                            depth,
                            found.stale() ? Source.CACHE : Source.KIS_REST,
                            found.stale() ? State.STALE : rule.stateOfAge(age),
                            OptionalLong.empty(),
                            age,
                            session,
                            Optional.empty());
                })
                .orElseThrow();
    }

    /** Statistics of the cache of requested books. */
    public CacheStats stats() {
        return restBooks.stats();
    }

    /** Invalidates the cached books of {@code symbols}; the next ones are requested from KIS. */
    public void invalidateAll(Collection<UsSymbol> symbols) {
        restBooks.invalidateAll(symbols.stream()
                .flatMap(symbol -> Stream.of(new BookKey(symbol, false), new BookKey(symbol, true)))
                .toList());
    }
}
