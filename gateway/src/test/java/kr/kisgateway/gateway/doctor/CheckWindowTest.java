package kr.kisgateway.gateway.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.NyseDays;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Requirement("I-08")
class CheckWindowTest {
    private static final CheckWindow WINDOW =
            new CheckWindow(new KrxCalendar()::isTradingDay, NyseDays.load()::isTradingDay);

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T05:59:59, false, New York trades until six",
        "2026-11-20T06:00:00, true, between the markets",
        "2026-11-20T07:59:59, true, between the markets",
        "2026-11-20T08:00:00, false, NXT begins",
        "2026-11-20T12:00:00, false, Korea trades",
        "2026-11-20T17:00:00, true, between the markets",
        "2026-11-20T21:59:59, true, between the markets",
        "2026-11-20T22:00:00, false, New York",
        "2026-11-21T05:00:00, false, Friday of New York",
        "2026-11-21T12:00:00, true, Saturday",
        "2026-11-22T23:00:00, true, Sunday",
        "2026-11-23T03:00:00, true, Sunday of New York",
        "2026-10-09T12:00:00, true, Hangul Day",
        "2026-11-26T23:00:00, true, Thanksgiving",
        "2026-11-27T03:00:00, true, Thanksgiving of New York",
        "2026-12-25T23:00:00, true, a joint holiday",
    })
    @Requirement(value = "I-08", clause = "window")
    void keys_are_checked_only_between_the_markets(String seoul, boolean open, String why) {
        assertThat(WINDOW.isOpen(at(seoul))).as(why).isEqualTo(open);
    }

    @Test
    @Requirement(value = "I-08", clause = "next")
    void the_next_window_is_reported() {
        assertThat(WINDOW.nextOpening(at("2026-11-20T12:00:00")).toLocalDateTime())
                .isEqualTo(LocalDateTime.parse("2026-11-20T17:00:00"));
        assertThat(WINDOW.nextOpening(at("2026-11-20T23:00:00")).toLocalDateTime())
                .isEqualTo(LocalDateTime.parse("2026-11-21T06:00:00"));
        assertThat(WINDOW.nextOpening(at("2026-11-20T07:00:00")).toLocalDateTime())
                .isEqualTo(LocalDateTime.parse("2026-11-20T07:00:00"));
    }

    private static Instant at(String seoul) {
        return LocalDateTime.parse(seoul).atZone(TradingCalendar.SEOUL).toInstant();
    }
}
