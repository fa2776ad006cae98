package kr.kisgateway.gateway.orderbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.orderbook.ConsolidatedBest.VenueBest;
import kr.kisgateway.gateway.cache.AnswerLifetime;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.orderbook.BookSource.Expected;
import kr.kisgateway.gateway.orderbook.BookSource.RestBook;
import kr.kisgateway.gateway.quote.Feed;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.quote.QuoteRule;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.Settings.WsHours;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.VenueSymbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

@Requirement("P-04")
class BookServiceTest {
    private static final Listed SAMSUNG = Lookups.shipped().apply("005930").orElseThrow();
    private static final Expected EXPECTED = new Expected(71_000, 5, 500, new BigDecimal("0.71"));

    /** Friday, 11:00 in Seoul. */
    private final ManualClock clock = new ManualClock("2026-11-20T02:00:00Z");

    private final QuoteStore store = new QuoteStore(clock);
    private final AtomicInteger calls = new AtomicInteger();
    private boolean live = true;
    private boolean interrupted;
    private Optional<Refusal> trouble = Optional.empty();
    private Instant lastSign = clock.instant();
    private final BookService books = books(Duration.ofSeconds(1));

    private BookService books(Duration life) {
        return new BookService(
                "book",
                store,
                _ -> live,
                () -> new Feed.Status(true, Optional.empty(), 0, Optional.of(lastSign), Optional.empty()),
                new QuoteRule(
                        new KrxCalendar(),
                        new Settings.Quotes(
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(120),
                                Duration.ofSeconds(3),
                                WsHours.REGULAR,
                                new Settings.SafeValue.None())),
                (symbol, _, _) -> {
                    calls.incrementAndGet();
                    return trouble.<Result<RestBook>>map(Result::refused)
                            .orElseGet(() -> Result.success(
                                    new RestBook(book(symbol, 70_000), Optional.of(EXPECTED), interrupted)));
                },
                AnswerLifetime.of(new KrxCalendar(), life),
                SharedCache.none(),
                Duration.ofSeconds(3),
                clock);
    }

    private void push(MarketSymbol symbol, long price, PushFeed feed) {
        store.putBook(new LastBook(book(symbol, price), Optional.of(feed), clock.millis()));
    }

    @Test
    void a_pushed_book_of_a_venue_answers_while_its_registration_stands() {
        push(new VenueSymbol((Symbol) SAMSUNG.symbol(), PriceSeries.NXT), 70_500, PushFeed.NXT);
        clock.advance(Duration.ofMinutes(1));
        lastSign = clock.instant();
        var nxt = books.book(SAMSUNG, PriceSeries.NXT, 10, "t");
        assertThat(nxt.source()).isEqualTo(Source.KIS_WS);
        assertThat(nxt.book().bidPrice(0)).isEqualTo(70_500);
        assertThat(books.book(SAMSUNG, PriceSeries.UNIFIED, 10, "t").source()).isEqualTo(Source.KIS_REST);

        live = false;
        assertThat(books.book(SAMSUNG, PriceSeries.NXT, 10, "t").source())
                .as("its registration is gone")
                .isEqualTo(Source.NXT);
        live = true;
        clock.set("2026-11-20T06:25:00Z"); // 15:25 in Seoul
        lastSign = clock.instant();
        assertThat(books.book(SAMSUNG, PriceSeries.NXT, 10, "t").source())
                .as("NXT pauses")
                .isEqualTo(Source.NXT);
    }

    @Test
    void a_venue_counts_for_the_best_prices_while_it_trades_and_its_book_is_current() {
        var samsung = (Listed.Korean) SAMSUNG;
        push(samsung.symbol(), 70_600, PushFeed.DOMESTIC);
        push(new VenueSymbol((Symbol) samsung.symbol(), PriceSeries.NXT), 70_500, PushFeed.NXT);

        var best = books.best(samsung, "t");
        assertThat(best.ask().orElseThrow().price()).isEqualTo(70_600);
        assertThat(best.bid().orElseThrow().venues()).containsExactly("KRX");
        assertThat(best.spread()).as("the venues cross").hasValue(0);
        assertThat(best.ask().orElseThrow().venues()).containsExactly("NXT");
        assertThat(best.venues()).extracting(VenueBest::counts).containsExactly(true, true);

        push(samsung.symbol(), 70_500, PushFeed.DOMESTIC);
        var equal = books.best(samsung, "t").ask().orElseThrow();
        assertThat(equal.venues()).containsExactly("KRX", "NXT");
        assertThat(equal.qty()).isEqualTo(2 * books.book(SAMSUNG, 1, "t").book().askQty(0));

        clock.set("2026-11-20T06:25:00Z"); // 15:25 in Seoul: KRX collects orders, and NXT pauses
        lastSign = clock.instant();
        var closing = books.best(samsung, "t");
        assertThat(closing.ask()).isEmpty();
        assertThat(closing.venues()).extracting(VenueBest::counts).containsExactly(false, false);

        clock.set("2026-11-20T07:00:30Z"); // 16:00: both have their after-market
        lastSign = clock.instant();
        live = false;
        assertThat(books.best(samsung, "t").bid()).isPresent();
        trouble = Optional.of(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late"));
        clock.advance(Duration.ofSeconds(10));
        assertThat(books.best(samsung, "t").ask())
                .as("the last known books are no offers")
                .isEmpty();
    }

    @Test
    @Requirement("P-07")
    void a_book_is_cached_as_long_as_configured_but_in_an_open_session_at_most_thirty_seconds() {
        live = false;
        var longLived = books(Duration.ofSeconds(20));
        longLived.book(SAMSUNG, 10, "t");
        clock.advance(Duration.ofMillis(19_999));
        var second = longLived.book(SAMSUNG, 10, "t");
        assertThat(calls).hasValue(1);
        assertThat(second.state()).as("its age is past QUOTE_STALE_AFTER").isEqualTo(State.STALE);
        clock.advance(Duration.ofMillis(1));
        longLived.book(SAMSUNG, 10, "t");
        assertThat(calls).hasValue(2);

        var hour = books(Duration.ofHours(1));
        hour.book(SAMSUNG, 10, "t");
        clock.advance(Duration.ofSeconds(30));
        hour.book(SAMSUNG, 10, "t");
        assertThat(calls).hasValue(4);
        clock.advance(Duration.ofHours(10)); // 21:00, closed
        hour.book(SAMSUNG, 10, "t");
        clock.advance(Duration.ofMinutes(59));
        hour.book(SAMSUNG, 10, "t");
        assertThat(calls).hasValue(5);
    }

    @Test
    void a_pushed_book_answers_while_it_is_live() {
        push();
        clock.advance(Duration.ofSeconds(60));

        var answer = books.book(SAMSUNG, 10, "t");

        assertThat(answer.source()).isEqualTo(Source.KIS_WS);
        assertThat(answer.book().bidPrice(0)).isEqualTo(71_000);
        assertThat(answer.ageMillis()).isEqualTo(60_000);
        assertThat(answer.tsMs()).isPresent();
        assertThat(calls).hasValue(0);
    }

    @Test
    void an_unmaintained_pushed_book_gives_way_to_rest_and_one_call_serves_a_second() {
        push();
        live = false;
        clock.advance(Duration.ofSeconds(6));

        var answer = books.book(SAMSUNG, 10, "t");
        clock.advance(Duration.ofMillis(999));
        books.book(SAMSUNG, 10, "t");

        assertThat(answer.source()).isEqualTo(Source.KIS_REST);
        assertThat(answer.book().bidPrice(0)).isEqualTo(70_000);
        assertThat(answer.expected()).as("outside an auction").isEmpty();
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofMillis(1));
        books.book(SAMSUNG, 10, "t");
        assertThat(calls).hasValue(2);
    }

    @Test
    void a_recently_polled_book_is_not_reported_as_pushed() {
        store.putBook(new LastBook(book(SAMSUNG.symbol(), 71_000), Optional.empty(), clock.millis()));

        assertThat(books.book(SAMSUNG, 10, "t").source()).isEqualTo(Source.KIS_REST);
    }

    @Test
    void a_listing_change_invalidates_a_cached_book() {
        books.book(SAMSUNG, 10, "t");
        books.invalidateAll(List.of(SAMSUNG.symbol()));
        books.book(SAMSUNG, 10, "t");
        assertThat(calls).hasValue(2);
    }

    @Test
    void in_an_auction_the_expected_match_is_requested_from_kis() {
        clock.advance(Duration.ofHours(4).plusMinutes(25)); // 15:25
        lastSign = clock.instant();
        push();

        var answer = books.book(SAMSUNG, 10, "t");

        assertThat(answer.source()).isEqualTo(Source.KIS_REST);
        assertThat(answer.expected()).hasValue(EXPECTED);
    }

    @Test
    void a_volatility_interruption_is_an_auction_too() {
        interrupted = true;
        assertThat(books.book(SAMSUNG, 10, "t").expected()).hasValue(EXPECTED);
    }

    @Test
    @Requirement(value = "A-09", clause = "last")
    void when_kis_fails_the_last_book_is_returned_as_stale_and_without_one_the_reason() {
        books.book(SAMSUNG, 10, "t");
        clock.advance(Duration.ofSeconds(30));
        trouble = Optional.of(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late"));

        var stale = books.book(SAMSUNG, 10, "t");

        assertThat(stale.state()).isEqualTo(State.STALE);
        assertThat(stale.source()).isEqualTo(Source.CACHE);
        assertThat(stale.ageMillis()).isEqualTo(30_000);
        clock.advance(Duration.ofMinutes(10));
        assertThatThrownBy(() -> books.book(SAMSUNG, 10, "t"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(ErrorCode.UPSTREAM_TIMEOUT));
    }

    private void push() {
        store.putBook(new LastBook(book(SAMSUNG.symbol(), 71_000), Optional.of(PushFeed.DOMESTIC), clock.millis()));
    }

    private static OrderBook book(MarketSymbol symbol, long bid) {
        var levels = new long[40];
        levels[0] = bid + 100;
        levels[10] = bid;
        levels[20] = 3;
        levels[30] = 4;
        return new OrderBook(symbol, 110_000, levels, 30, 40);
    }
}
