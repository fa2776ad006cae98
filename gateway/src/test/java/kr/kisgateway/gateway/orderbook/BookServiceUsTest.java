package kr.kisgateway.gateway.orderbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.orderbook.UsOrderBook;
import kr.kisgateway.gateway.cache.AnswerLifetime;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Lookups;
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
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

@Requirement("P-04")
class BookServiceUsTest {
    private static final Listed.Overseas APPLE =
            (Listed.Overseas) Lookups.shipped().apply("AAPL.NASD").orElseThrow();

    /** Friday, 10:00 in New York. */
    private final ManualClock clock = new ManualClock("2026-11-20T15:00:00Z");

    private final QuoteStore store = new QuoteStore(clock);
    private final List<PriceSeries> calls = new ArrayList<>();
    private boolean live = true;
    private Instant lastSign = clock.instant();
    private Optional<Refusal> trouble = Optional.empty();
    private BookService books = books(Duration.ofSeconds(1));

    private BookService books(Duration life) {
        var hours = UsHours.of(new KrxCalendar());
        return new BookService(
                "us_book",
                store,
                _ -> live,
                () -> new Feed.Status(true, Optional.empty(), 0, Optional.of(lastSign), Optional.empty()),
                new QuoteRule(
                        hours,
                        new Settings.Quotes(
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(120),
                                Duration.ofSeconds(3),
                                WsHours.REGULAR,
                                new Settings.SafeValue.None())),
                (_, series, _) -> {
                    calls.add(series);
                    return trouble.<Result<RestBook>>map(Result::refused)
                            .orElseGet(() -> Result.success(RestBook.of(book(10))));
                },
                AnswerLifetime.of(hours, life),
                SharedCache.none(),
                Duration.ofSeconds(3),
                clock);
    }

    @Test
    void the_pushed_level_answers_requests_for_one_level_without_a_call() {
        push(PushFeed.FREE);
        clock.advance(Duration.ofSeconds(60));

        var best = books.book(APPLE, 1, "t");
        assertThat(best.source()).isEqualTo(Source.KIS_WS);
        assertThat(best.state()).isEqualTo(State.HEALTHY);
        assertThat(best.feed()).contains(PushFeed.FREE);
        assertThat(best.depth()).isEqualTo(1);
        assertThat(best.ageMillis()).isEqualTo(60_000);
        assertThat(calls).isEmpty();

        var two = books.book(APPLE, 2, "t");
        assertThat(two.source()).isEqualTo(Source.KIS_REST);
        assertThat(answer(two).bids()).hasSize(2);
        assertThat(two.feed()).isEmpty();
        assertThat(two.depth()).isEqualTo(2);
        assertThat(answer(books.book(APPLE, 10, "t")).asks()).hasSize(10);
        assertThat(calls).containsExactly(PriceSeries.MAIN);
    }

    @Test
    void an_outdated_polled_or_other_markets_level_is_requested() {
        push(PushFeed.DAY_MARKET);
        assertThat(books.book(APPLE, 1, "t").source()).isEqualTo(Source.KIS_REST);
        store.putBook(new LastBook(book(10), Optional.empty(), clock.millis()));
        assertThat(books.book(APPLE, 1, "t").source()).isEqualTo(Source.KIS_REST);
        push(PushFeed.PAID);
        live = false;
        var requested = books.book(APPLE, 1, "t");
        assertThat(requested.source()).isEqualTo(Source.KIS_REST);
        assertThat(answer(requested).bids()).hasSize(1);
        live = true;
        lastSign = clock.instant().minusSeconds(121);
        assertThat(books.book(APPLE, 1, "t").source()).isEqualTo(Source.KIS_REST);
        assertThat(calls).as("one second").hasSize(1);
        lastSign = clock.instant();
        assertThat(books.book(APPLE, 1, "t").source()).isEqualTo(Source.KIS_WS);

        clock.advance(Duration.ofHours(9)); // Saturday morning in Seoul
        lastSign = clock.instant();
        assertThat(books.book(APPLE, 1, "t").source()).as("closed").isEqualTo(Source.KIS_REST);
    }

    @Test
    @Requirement("P-07")
    void a_book_is_cached_as_long_as_configured_and_never_across_sessions() {
        books = books(Duration.ofSeconds(20));
        books.book(APPLE, 10, "t");
        clock.advance(Duration.ofSeconds(19));
        assertThat(books.book(APPLE, 10, "t").state()).isEqualTo(State.STALE);
        assertThat(calls).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        books.book(APPLE, 10, "t");
        assertThat(calls).hasSize(2);
        clock.advance(Duration.ofHours(6).minusSeconds(21)); // the regular session's last second
        books.book(APPLE, 10, "t");
        clock.advance(Duration.ofSeconds(1));
        books.book(APPLE, 10, "t");
        assertThat(calls).hasSize(4);
        books.invalidateAll(List.of(APPLE.symbol()));
        books.book(APPLE, 10, "t");
        assertThat(calls).hasSize(5);
    }

    @Test
    @Requirement("A-09")
    void when_kis_fails_the_last_book_is_returned_as_stale_and_without_one_the_reason() {
        trouble = Optional.of(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late"));
        assertThatThrownBy(() -> books.book(APPLE, 10, "t")).isInstanceOf(RefusedException.class);
        trouble = Optional.empty();
        books.book(APPLE, 10, "t");
        trouble = Optional.of(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late"));
        clock.advance(Duration.ofSeconds(30));
        var last = books.book(APPLE, 1, "t");
        assertThat(last.source()).isEqualTo(Source.CACHE);
        assertThat(last.state()).isEqualTo(State.STALE);
        assertThat(answer(last).bids()).hasSize(1);
    }

    private void push(PushFeed feed) {
        store.putBook(new LastBook(book(1), Optional.of(feed), clock.millis()));
    }

    private static UsOrderBook answer(BookAnswer answer) {
        return (UsOrderBook) BookAnswers.answer(answer);
    }

    private static OrderBook book(int levels) {
        return OrderBook.of(APPLE.symbol(), 100_000, side(levels, 1), side(levels, -1), 6_000, 5_000);
    }

    private static List<OrderBook.Level> side(int levels, int step) {
        return IntStream.rangeClosed(1, levels)
                .mapToObj(level -> new OrderBook.Level(1_870_000 + step * level * 100L, 100))
                .toList();
    }
}
