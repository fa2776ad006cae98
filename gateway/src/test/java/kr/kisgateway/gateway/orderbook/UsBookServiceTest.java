package kr.kisgateway.gateway.orderbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.quote.Feed;
import kr.kisgateway.gateway.quote.LastUsBook;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.quote.QuoteRule;
import kr.kisgateway.gateway.quote.UsBook;
import kr.kisgateway.gateway.quote.UsFeed;
import kr.kisgateway.gateway.quote.UsQuoteStore;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.Settings.WsHours;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

@Requirement("P-04")
class UsBookServiceTest {
    private static final Listed.Us APPLE =
            (Listed.Us) Lookups.shipped().apply("AAPL.NASD").listed();

    /** Friday, 10:00 in New York. */
    private final ManualClock clock = new ManualClock("2026-11-20T15:00:00Z");

    private final UsQuoteStore store = new UsQuoteStore();
    private final List<Boolean> calls = new ArrayList<>();
    private boolean live = true;
    private Instant lastSign = clock.instant();
    private Optional<Refusal> trouble = Optional.empty();
    private UsBookService books = books(Duration.ofSeconds(1));

    private UsBookService books(Duration life) {
        return new UsBookService(
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
                UsHours.of(new KrxCalendar()),
                (_, dayMarket, _) -> {
                    calls.add(dayMarket);
                    return trouble.<Result<UsBook>>map(Result::refused).orElseGet(() -> Result.success(book(10)));
                },
                life,
                SharedCache.none(),
                Duration.ofSeconds(3),
                clock);
    }

    @Test
    void the_pushed_level_answers_requests_for_one_level_without_a_call() {
        push(UsFeed.FREE);
        clock.advance(Duration.ofSeconds(60));

        var best = books.book(APPLE, 1, "t");
        assertThat(best.source()).isEqualTo(Source.KIS_WS);
        assertThat(best.state()).isEqualTo(State.HEALTHY);
        assertThat(best.feed()).contains(UsFeed.FREE);
        assertThat(best.depth()).isEqualTo(1);
        assertThat(best.ageMillis()).isEqualTo(60_000);
        assertThat(calls).isEmpty();

        var two = books.book(APPLE, 2, "t");
        assertThat(two.source()).isEqualTo(Source.KIS_REST);
        assertThat(two.book().bids()).hasSize(2);
        assertThat(two.feed()).isEmpty();
        assertThat(two.depth()).isEqualTo(2);
        assertThat(books.book(APPLE, 10, "t").book().asks()).hasSize(10);
        assertThat(calls).containsExactly(false);
    }

    @Test
    void an_outdated_polled_or_other_markets_level_is_requested() {
        push(UsFeed.DAY_MARKET);
        assertThat(books.book(APPLE, 1, "t").source()).isEqualTo(Source.KIS_REST);
        store.putBook(new LastUsBook(APPLE.symbol(), book(10), Optional.empty(), clock.millis()));
        assertThat(books.book(APPLE, 1, "t").source()).isEqualTo(Source.KIS_REST);
        push(UsFeed.PAID);
        live = false;
        var requested = books.book(APPLE, 1, "t");
        assertThat(requested.source()).isEqualTo(Source.KIS_REST);
        assertThat(requested.book().bids()).hasSize(1);
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
        assertThat(last.book().bids()).hasSize(1);
    }

    private void push(UsFeed feed) {
        store.putBook(new LastUsBook(APPLE.symbol(), book(1), Optional.of(feed), clock.millis()));
    }

    private static UsBook book(int levels) {
        return new UsBook(side(levels, -1), side(levels, 1), 5_000, 6_000, Optional.of(LocalTime.of(10, 0)));
    }

    private static List<UsBook.Level> side(int levels, int step) {
        return IntStream.rangeClosed(1, levels)
                .mapToObj(level -> new UsBook.Level(BigDecimal.valueOf(18_700 + step * level, 2), 100))
                .toList();
    }
}
