package kr.kisgateway.gateway.orderbook;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import kr.kisgateway.api.orderbook.ConsolidatedBest;
import kr.kisgateway.gateway.cache.AnswerCache;
import kr.kisgateway.gateway.cache.AnswerCache.Memory;
import kr.kisgateway.gateway.cache.AnswerLifetime;
import kr.kisgateway.gateway.cache.Cached;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.orderbook.BestOfVenues.VenueBook;
import kr.kisgateway.gateway.orderbook.BookSource.RestBook;
import kr.kisgateway.gateway.quote.Feed;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.quote.QuoteRule;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.market.MarketSession;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Venue;
import kr.kisgateway.market.VenueSymbol;

/**
 * Answers the books of one market, by the rule for its quotes. A pushed book answers only requests for as many levels as its feed
 * has: in an answer to a deeper request the missing levels would not be visible.
 */
public final class BookService {
    /** Default lifetime of a book in memory. */
    public static final Duration DEFAULT_LIFE = Duration.ofSeconds(1);

    private final QuoteStore store;
    private final Predicate<MarketSymbol> live;
    private final Supplier<Feed.Status> feed;
    private final QuoteRule rule;
    private final BookSource source;
    private final InstantSource clock;
    private final AnswerLifetime lifetime;
    private final AnswerCache<BookKey, RestBook> restBooks;

    /** A symbol and the price series that is requested. */
    public record BookKey(MarketSymbol symbol, PriceSeries series) {}

    /**
     * @param name of the cached books, for the log and the metrics
     * @param lifetime of requested books
     * @param live whether the last pushed book of a symbol is current
     * @param sharedCache other gateways' answers
     * @param cooldown no call for a symbol this long after KIS refused for its rate
     */
    public BookService(
            String name,
            QuoteStore store,
            Predicate<MarketSymbol> live,
            Supplier<Feed.Status> feed,
            QuoteRule rule,
            BookSource source,
            AnswerLifetime lifetime,
            SharedCache<BookKey, RestBook> sharedCache,
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
                name, Memory.of(lifetime.longest(), QuoteStore.SYMBOLS_MAX), cooldown, sharedCache, clock);
    }

    /**
     * The book of {@code listed}.
     *
     * @param depth requested levels of a side
     * @param tenant whose share of the call budget is used
     * @throws RefusedException when no source has one
     */
    public BookAnswer book(Listed listed, int depth, String tenant) {
        var now = clock.instant();
        var session = rule.session(now);
        return findPushed(listed, depth, session, now).orElseGet(() -> requestBook(listed, depth, session, tenant));
    }

    /**
     * The book of {@code listed} in a price series. Of one that is requested by name it is the book that was pushed for a subscriber
     * of that venue while the venue trades; else one of the last second; else a call.
     *
     * @throws RefusedException when no source has one
     */
    BookAnswer book(Listed listed, PriceSeries series, int depth, String tenant) {
        if (!series.isOfVenues()) {
            return book(listed, depth, tenant);
        }
        var pushed = findVenuePushed(listed, series, depth);
        if (pushed.isPresent()) {
            return pushed.get();
        }
        var key = new BookKey(listed.symbol(), series);
        var found = restBooks
                .request(key, this::isRecent, () -> source.fetch(key.symbol(), key.series(), tenant))
                .orElseThrow();
        return venueAnswer(listed, series, depth, found);
    }

    private boolean isRecent(Instant at) {
        return Duration.between(at, clock.instant()).compareTo(DEFAULT_LIFE) < 0;
    }

    private BookAnswer venueAnswer(Listed listed, PriceSeries series, int depth, Cached<RestBook> found) {
        return toAnswer(
                listed,
                depth,
                found,
                rule.session(clock.instant()),
                series == PriceSeries.NXT ? Source.NXT : Source.KIS_REST,
                found.value().interrupted());
    }

    /**
     * The better bid and ask of KRX and of NXT, where it trades the stock. Each venue's book is answered as a requested one is; a
     * venue whose book no source has is left out.
     *
     * @throws RefusedException when no source has KRX's
     */
    ConsolidatedBest best(Listed.Korean listed, String tenant) {
        var books = new ArrayList<VenueBook>();
        books.add(venueBook(Venue.KRX, book(listed, 1, tenant)));
        if (listed.onNxt()) {
            try {
                books.add(venueBook(Venue.NXT, book(listed, PriceSeries.NXT, 1, tenant)));
            } catch (RefusedException _) {
                // the answer has KRX alone, and shows it
            }
        }
        return BestOfVenues.of(books);
    }

    private VenueBook venueBook(Venue venue, BookAnswer answer) {
        return new VenueBook(venue, answer, rule.isContinuous(venue, clock.instant()));
    }

    /** The best level of each side in a price series; empty when no source has one. */
    public Optional<OrderBook> bestLevels(Listed listed, PriceSeries series, String tenant) {
        try {
            return Optional.of(book(listed, series, 1, tenant).book());
        } catch (RefusedException _) {
            return Optional.empty();
        }
    }

    /** The same where it needs no call. */
    public Optional<OrderBook> bestLevelsInMemory(Listed listed, PriceSeries series) {
        return (series.isOfVenues() ? venueBookInMemory(listed, series) : bookInMemory(listed)).map(BookAnswer::book);
    }

    private Optional<BookAnswer> venueBookInMemory(Listed listed, PriceSeries series) {
        return findVenuePushed(listed, series, 1)
                .or(() -> restBooks
                        .fresh(new BookKey(listed.symbol(), series), this::isRecent)
                        .map(found -> venueAnswer(listed, series, 1, found)));
    }

    private Optional<BookAnswer> bookInMemory(Listed listed) {
        var now = clock.instant();
        var session = rule.session(now);
        return findPushed(listed, 1, session, now)
                .or(() -> restBooks
                        .fresh(new BookKey(listed.symbol(), session.series()), at -> lifetime.isFresh(at, now))
                        .map(found -> requestedAnswer(listed, 1, found, session)));
    }

    private BookAnswer requestBook(Listed listed, int depth, MarketSession session, String tenant) {
        var key = new BookKey(listed.symbol(), session.series());
        return restBooks
                .request(
                        key,
                        at -> lifetime.isFresh(at, clock.instant()),
                        () -> source.fetch(key.symbol(), key.series(), tenant))
                .map(found -> requestedAnswer(listed, depth, found, session))
                .orElseThrow();
    }

    private BookAnswer requestedAnswer(Listed listed, int depth, Cached<RestBook> found, MarketSession session) {
        return toAnswer(
                listed,
                depth,
                found,
                session,
                Source.KIS_REST,
                session.isAuction() || found.value().interrupted());
    }

    private Optional<BookAnswer> findVenuePushed(Listed listed, PriceSeries series, int depth) {
        var now = clock.instant();
        var symbol = VenueSymbol.of(listed.symbol(), series);
        if (!live.test(symbol) || !rule.isFeedAlive(feed.get().lastActivityAt(), now)) {
            return Optional.empty();
        }
        return store.lastBook(symbol)
                .filter(last ->
                        last.feed().isPresent() && rule.isVenuePushHour(series, Instant.ofEpochMilli(last.atMs()), now))
                .map(last -> pushedAnswer(listed, depth, last, rule.session(now), now));
    }

    /** The pushed book lacks the expected match of an auction, so in auctions the book is requested. */
    private Optional<BookAnswer> findPushed(Listed listed, int depth, MarketSession session, Instant now) {
        boolean usable = rule.isPushHour(session)
                && !session.isAuction()
                && live.test(listed.symbol())
                && rule.isFeedAlive(feed.get().lastActivityAt(), now);
        if (!usable) {
            return Optional.empty();
        }
        return store.lastBook(listed.symbol())
                .filter(last -> mayAnswer(last, depth, session))
                .map(last -> pushedAnswer(listed, depth, last, session, now));
    }

    private static BookAnswer pushedAnswer(
            Listed listed, int depth, LastBook last, MarketSession session, Instant now) {
        return new BookAnswer(
                listed,
                last.book(),
                depth,
                Optional.empty(),
                Source.KIS_WS,
                State.HEALTHY,
                OptionalLong.of(last.atMs()),
                Math.max(0, now.toEpochMilli() - last.atMs()),
                session,
                last.feed());
    }

    /** A polled book has no feed and is not current; one of another series is never valid. */
    private static boolean mayAnswer(LastBook last, int depth, MarketSession session) {
        return last.feed()
                .filter(pushFeed -> pushFeed.series() == session.series() && pushFeed.levels() >= depth)
                .isPresent();
    }

    private BookAnswer toAnswer(
            Listed listed, int depth, Cached<RestBook> found, MarketSession session, Source fresh, boolean auction) {
        var answer = found.value();
        long age = Math.max(0, Duration.between(found.at(), clock.instant()).toMillis());
        return new BookAnswer(
                listed,
                answer.book(),
                depth,
                auction ? answer.expected() : Optional.empty(),
                found.stale() ? Source.CACHE : fresh,
                found.stale() ? State.STALE : rule.stateOfAge(age),
                OptionalLong.empty(),
                age,
                session,
                Optional.empty());
    }

    /** Registers the meters of the cache of requested books. */
    public void bindTo(Meters meters) {
        restBooks.bindTo(meters);
    }

    /** Invalidates the cached books of {@code symbols}; the next ones are requested from KIS. */
    public void invalidateAll(Collection<? extends MarketSymbol> symbols) {
        restBooks.invalidateAll(symbols.stream()
                .flatMap(symbol -> rule.series().stream().map(series -> new BookKey(symbol, series)))
                .toList());
    }
}
