package kr.kisgateway.gateway.quote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Optional;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.Settings.WsHours;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuoteRuleTest {
    private static final Instant NOW = Instant.parse("2026-11-20T02:00:00Z");

    @ParameterizedTest
    @Requirement(value = "G-07", clause = "fresh")
    @CsvSource({
        "2026-11-20T08:59:59, false", // a Friday, before the open
        "2026-11-20T09:00:00, true",
        "2026-11-20T15:19:59, true",
        "2026-11-20T15:29:59, true", // the closing auction is still 09:00-15:30
        "2026-11-20T15:30:00, false",
        "2026-11-20T17:00:00, false", // after-market: REST by default
        "2026-11-20T23:00:00, false",
        "2026-11-21T10:00:00, false", // Saturday
        "2026-12-25T10:00:00, false" // a holiday
    })
    @Requirement(value = "G-07", clause = "outside")
    void pushed_values_answer_from_nine_to_half_past_three_on_trading_days(LocalDateTime seoul, boolean pushed) {
        var rule = rule(WsHours.REGULAR);

        assertThat(rule.isPushHour(rule.session(at(seoul)))).isEqualTo(pushed);
    }

    @ParameterizedTest
    @Requirement(value = "G-07", clause = "ws-hours")
    @CsvSource({"2026-11-20T17:00:00, true", "2026-11-20T23:00:00, false", "2026-11-21T10:00:00, false"})
    void with_all_hours_pushed_values_answer_in_every_session(LocalDateTime seoul, boolean pushed) {
        var rule = rule(WsHours.ALL);

        assertThat(rule.isPushHour(rule.session(at(seoul)))).isEqualTo(pushed);
    }

    @ParameterizedTest
    @CsvSource({
        // registered, seconds since any frame, age of the value, state
        "true,    0,    0, HEALTHY",
        "true,  120, 9999, HEALTHY", // no trades, but KIS is alive and would have sent any
        "true,  121,    6, STALE",
        "true,  121,    5, HEALTHY",
        "false,   0,    5, HEALTHY",
        "false,   0,    6, STALE"
    })
    @Requirement(value = "G-02", clause = "healthy")
    @Requirement(value = "G-02", clause = "stale-after")
    void a_value_is_healthy_while_its_feed_is_live_and_otherwise_by_its_age(
            boolean live, long silentSeconds, long ageSeconds, State state) {
        var lastSign = Optional.of(NOW.minusSeconds(silentSeconds));

        assertThat(rule(WsHours.REGULAR).stateOfPush(live, lastSign, ageSeconds * 1000, NOW))
                .isEqualTo(state);
    }

    @Test
    @Requirement(value = "G-02", clause = "healthy")
    void a_silent_socket_does_not_vouch_for_a_value() {
        assertThat(rule(WsHours.REGULAR).stateOfPush(true, Optional.empty(), 5_001, NOW))
                .isEqualTo(State.STALE);
    }

    @ParameterizedTest
    @Requirement("P-07")
    @CsvSource({
        "2026-11-20T11:00:00, 5, 3600, true", // QUOTE_STALE_AFTER
        "2026-11-20T11:00:00, 6, 3600, false",
        "2026-11-20T17:00:00, 30, 3600, true", // the after-market is open
        "2026-11-20T17:00:00, 31, 3600, false",
        "2026-11-20T21:00:00, 3000, 3600, true"
    })
    void in_an_open_session_no_cached_price_is_returned_past_thirty_seconds(
            LocalDateTime seoul, long seconds, long life, boolean fresh) {
        assertThat(rule(WsHours.REGULAR).isFresh(at(seoul), at(seoul).plusSeconds(seconds), Duration.ofSeconds(life)))
                .isEqualTo(fresh);
    }

    @Test
    @Requirement("P-11")
    void a_price_does_not_become_stale_before_the_opening_but_at_it() {
        var rule = rule(WsHours.REGULAR);
        var requestedAt = at(LocalDateTime.parse("2026-11-20T08:30:05"));

        assertThat(rule.stateOfRest(requestedAt, at(LocalDateTime.parse("2026-11-20T08:59:59"))))
                .isEqualTo(State.HEALTHY);
        assertThat(rule.stateOfRest(requestedAt, at(LocalDateTime.parse("2026-11-20T09:00:00"))))
                .isEqualTo(State.STALE);
    }

    private static QuoteRule rule(WsHours hours) {
        return new QuoteRule(
                new KrxCalendar(),
                new Settings.Quotes(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(120),
                        Duration.ofSeconds(3),
                        hours,
                        new Settings.SafeValue.None()));
    }

    private static Instant at(LocalDateTime seoul) {
        return seoul.atZone(TradingCalendar.SEOUL).toInstant();
    }
}
