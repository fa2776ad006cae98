package kr.kisgateway.gateway.quote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.settings.Settings.SafeValue;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

@Requirement(value = "A-09", clause = "safe")
@Requirement(value = "A-09", clause = "marked")
class QuoteFallbackTest {
    private static final Listed SAMSUNG = Lookups.shipped().apply("005930").orElseThrow();

    private static final Listed.Overseas APPLE =
            (Listed.Overseas) Lookups.shipped().apply("AAPL.NASD").orElseThrow();

    private final List<String> alerts = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-20T02:00:00Z");

    @Test
    void without_a_safe_value_no_price_is_invented() {
        assertThat(fallbackQuote(new SafeValue.None(), ErrorCode.QUOTE_UNAVAILABLE))
                .isEmpty();
        assertThat(fallbackQuote(new SafeValue.Prices(Map.of(new Symbol("000660"), 1L)), ErrorCode.QUOTE_UNAVAILABLE))
                .isEmpty();
        assertThat(fallbackQuote(new SafeValue.LastClose(), ErrorCode.SYMBOL_NOT_FOUND))
                .isEmpty();
        assertThat(alerts).isEmpty();
    }

    @Test
    @Requirement(value = "A-09", clause = "alert")
    void a_safe_value_is_marked_and_raises_one_alert() {
        var fallback = fallback(new SafeValue.LastClose());
        var quote = fallback.of(SAMSUNG, Session.REGULAR, "bot", ErrorCode.UPSTREAM_TIMEOUT)
                .orElseThrow();
        assertThat(quote.price()).isEqualTo(SAMSUNG.close().orElseThrow());
        assertThat(quote.source()).isEqualTo(Source.KRX);
        assertThat(quote.state()).isEqualTo(State.FALLBACK);
        // As old as the close from which it comes.
        assertThat(quote.ageMillis()).isPositive();
        assertThat(fallback.of(SAMSUNG, Session.REGULAR, "bot", ErrorCode.UPSTREAM_TIMEOUT))
                .isPresent();
        assertThat(alerts).containsExactly("quote_fallback");
        now = now.plusSeconds(601);
        assertThat(fallback.of(SAMSUNG, Session.REGULAR, "bot", ErrorCode.UPSTREAM_TIMEOUT))
                .isPresent();
        assertThat(alerts).hasSize(2);
    }

    @Test
    void a_configured_price_is_marked_as_such() {
        var quote = fallbackQuote(new SafeValue.Prices(Map.of(SAMSUNG.symbol(), 65_000L)), ErrorCode.QUOTE_UNAVAILABLE)
                .orElseThrow();
        assertThat(quote.price()).isEqualTo(65_000);
        assertThat(quote.source()).isEqualTo(Source.SETTINGS);
        assertThat(quote.state()).isEqualTo(State.FALLBACK);
    }

    @Test
    void a_us_stock_falls_back_to_its_listed_close_with_its_age_and_raises_one_alert() {
        var fallback = fallback(new SafeValue.LastClose());
        var close = APPLE.close().orElseThrow();
        for (int i = 0; i < 2; i++) {
            var quote = fallback.of(APPLE, UsSession.REGULAR, "bot", ErrorCode.UPSTREAM_TIMEOUT)
                    .orElseThrow();
            assertThat(quote.price()).isEqualTo(close);
            assertThat(quote.prevClose()).isEqualTo(close);
            assertThat(quote.source()).isEqualTo(Source.LISTING);
            assertThat(quote.state()).isEqualTo(State.FALLBACK);
            var closed = APPLE.closeDate().orElseThrow().atTime(16, 0).atZone(UsHours.NEW_YORK);
            assertThat(quote.ageMillis())
                    .isEqualTo(Math.max(
                            0, Duration.between(closed.toInstant(), now).toMillis()));
        }
        assertThat(alerts).containsExactly("quote_fallback");
        assertThat(fallback.of(APPLE, UsSession.REGULAR, "bot", ErrorCode.SYMBOL_NOT_FOUND))
                .isEmpty();
        assertThat(fallback(new SafeValue.None()).of(APPLE, UsSession.REGULAR, "bot", ErrorCode.UPSTREAM_TIMEOUT))
                .isEmpty();
    }

    @Test
    void a_configured_price_in_dollars_is_marked_as_such() {
        var fallback = fallback(new SafeValue.Prices(Map.of(APPLE.symbol(), 1_875_000L)));
        var quote = fallback.of(APPLE, UsSession.CLOSED, "bot", ErrorCode.UPSTREAM_TIMEOUT)
                .orElseThrow();
        assertThat(quote.price()).isEqualTo(1_875_000);
        assertThat(quote.source()).isEqualTo(Source.SETTINGS);
        assertThat(quote.state()).isEqualTo(State.FALLBACK);
    }

    private Optional<Quote> fallbackQuote(SafeValue value, ErrorCode why) {
        return fallback(value).of(SAMSUNG, Session.REGULAR, "bot", why);
    }

    private QuoteFallback fallback(SafeValue value) {
        return new QuoteFallback(
                (symbol, series, tenant, deadline) -> Result.refused(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "down")),
                symbol -> true,
                value,
                new AlertSource(new AlertLog(alert -> alerts.add(alert.event())), AlertEvent.QUOTE_FALLBACK, () -> now),
                () -> now);
    }
}
