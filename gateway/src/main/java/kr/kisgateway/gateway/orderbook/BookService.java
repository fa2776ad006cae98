package kr.kisgateway.gateway.orderbook;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import kr.kisgateway.gateway.cache.AnswerCache;
import kr.kisgateway.gateway.cache.AnswerLifetime;
import kr.kisgateway.gateway.cache.CacheStats;
import kr.kisgateway.gateway.cache.Cached;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.orderbook.BookSource.RestBook;
import kr.kisgateway.gateway.quote.Feed;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.quote.QuoteRule;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.Symbol;

/** Answers books, by the rule for quotes. */
public final class BookService {
    /** Default lifetime of a book in memory. */
    public static final Duration DEFAULT_LIFE = Duration.ofSeconds(1);

    /** How long the last book replaces one that KIS fails to give. */
    private static final Duration STALE_LIFE = Duration.ofMinutes(10);

    private final QuoteStore store;
    private final Predicate<Symbol> live;
    private final Supplier<Feed.Status> feed;
    private final QuoteRule rule;
    private final BookSource source;
    private final InstantSource clock;
    private final AnswerLifetime lifetime;
    private final AnswerCache<Symbol, RestBook> restBooks;

    /**
     * @param lifetime of requested books
     * @param live whether the last pushed book of a symbol is current
     * @param sharedCache other gateways' answers
     * @param cooldown no call for a symbol this long after KIS refused for its rate
     */
    public BookService(
            QuoteStore store,
            Predicate<Symbol> live,
            Supplier<Feed.Status> feed,
            QuoteRule rule,
            BookSource source,
            AnswerLifetime lifetime,
            SharedCache<Symbol, RestBook> sharedCache,
            Duration cooldown,
            InstantSource clock) {
        this.store = store;
        this.live = live;
        this.feed = feed;
        this.rule = rule;
        this.source = source;
        this.clock = clock;
        this.lifetime = lifetime.extendedBy(sharedCache);
        this.restBooks = new AnswerCache<>(
                "book", lifetime.longest(), STALE_LIFE, QuoteStore.SYMBOLS_MAX, cooldown, sharedCache, clock);
    }

    /**
     * The book of {@code instrument}.
     *
     * @param tenant whose share of the call budget is used
     * @throws RefusedException when no source has one
     */
    BookAnswer book(Instrument instrument, String tenant) {
        var now = clock.instant();
        var session = rule.session(now);
        var pushed = findPushed(instrument, session, now);
        if (pushed.isPresent()) {
            return pushed.get();
        }
        return restBooks
                .request(
                        instrument.symbol(),
                        at -> lifetime.isFresh(at, clock.instant()),
                        () -> source.fetch(instrument.symbol(), tenant))
                .map(found -> toAnswer(instrument, found, session))
                .orElseThrow();
    }

    /** The pushed book lacks the expected match of an auction, so in auctions the book is requested. */
    private Optional<BookAnswer> findPushed(Instrument instrument, Session session, Instant now) {
        if (!rule.isPushHour(session) || isAuction(session)) {
            return Optional.empty();
        }
        return store.lastTimedBook(instrument.symbol()).flatMap(last -> {
            // Only live pushes: the store also has polled books, which have no registration.
            boolean pushed = live.test(instrument.symbol())
                    && rule.isFeedAlive(feed.get().lastActivityAt(), now);
            return pushed
                    ? Optional.of(new BookAnswer(
                            instrument,
                            last.book(),
                            Optional.empty(),
                            Source.KIS_WS,
                            State.HEALTHY,
                            OptionalLong.of(last.atMs()),
                            Math.max(0, now.toEpochMilli() - last.atMs()),
                            session))
                    : Optional.empty();
        });
    }

    private BookAnswer toAnswer(Instrument instrument, Cached<RestBook> found, Session session) {
        var answer = found.value();
        boolean auction = isAuction(session) || answer.interrupted();
        long age = Math.max(0, Duration.between(found.at(), clock.instant()).toMillis());
        return new BookAnswer(
                instrument,
                answer.book(),
                auction ? answer.expected() : Optional.empty(),
                found.stale() ? Source.CACHE : Source.KIS_REST,
                found.stale() ? State.STALE : rule.stateOfAge(age),
                OptionalLong.empty(),
                age,
                session);
    }

    /** Statistics of the cache of requested books. */
    public CacheStats stats() {
        return restBooks.stats();
    }

    /** Invalidates the cached books of {@code symbols}; the next ones are requested from KIS. */
    public void invalidateAll(Collection<Symbol> symbols) {
        restBooks.invalidateAll(symbols);
    }

    private static boolean isAuction(Session session) {
        return switch (session) {
            case PRE_OPEN_AUCTION, CLOSING_AUCTION, AFTER_HOURS_SINGLE_PRICE -> true;
            case CLOSED, REGULAR, AFTER_HOURS, AFTER_MARKET -> false;
        };
    }
}
