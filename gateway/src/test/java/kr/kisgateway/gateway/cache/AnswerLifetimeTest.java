package kr.kisgateway.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Optional;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Requirement("P-07")
class AnswerLifetimeTest {
    private static final TradingCalendar CALENDAR = new KrxCalendar();

    @ParameterizedTest
    @CsvSource({
        "while it trades a second is the usual life,  2026-11-20T11:00:00, 999, 0, true",
        "and no longer,                               2026-11-20T11:00:00, 1000, 0, false",
        "the configured lifetime applies,            2026-11-20T11:00:00, 19999, 20, true",
        "and ends,                                  2026-11-20T11:00:00, 20000, 20, false",
        "but never past thirty seconds,               2026-11-20T11:00:00, 29999, 3600, true",
        "in an open session,                          2026-11-20T11:00:00, 30000, 3600, false",
        "nor in the after-market,                     2026-11-20T17:00:00, 30000, 3600, false",
        "before the opening it applies,             2026-11-20T08:30:00, 1799999, 0, true",
        "until the opening,                           2026-11-20T08:45:00, 900000, 0, false",
        "unless a life is set,                        2026-11-20T08:30:00, 60000, 60, false",
        "while closed the configured one applies,   2026-11-20T21:00:00, 3599999, 3600, true",
        "and without it a second,                     2026-11-20T21:00:00, 1000, 0, false",
        "yesterday evening is not this morning,       2026-11-20T23:00:00, 36000000, 86400, false",
        "the opening ends everything,                 2026-11-20T08:59:59, 1000, 86400, false",
        "and so does the close,                       2026-11-20T19:59:59, 1000, 86400, false",
    })
    void an_answer_is_reused_within_its_lifetime(String why, String at, long millis, int set, boolean valid) {
        var life = AnswerLifetime.ofTrades(
                CALENDAR, Duration.ofSeconds(1), set == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(set)));

        assertThat(life.isFresh(seoul(at), seoul(at).plusMillis(millis)))
                .as(why)
                .isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource({"1, 999, true", "1, 1000, false", "3600, 29999, true", "3600, 30000, false"})
    void a_book_has_a_short_lifetime_before_the_opening_too(int set, long millis, boolean valid) {
        var at = seoul("2026-11-20T08:31:00");

        assertThat(AnswerLifetime.of(CALENDAR, Duration.ofSeconds(set)).isFresh(at, at.plusMillis(millis)))
                .isEqualTo(valid);
    }

    private static Instant seoul(String text) {
        return LocalDateTime.parse(text).atZone(TradingCalendar.SEOUL).toInstant();
    }
}
