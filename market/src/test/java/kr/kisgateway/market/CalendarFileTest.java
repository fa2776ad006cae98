package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalendarFileTest {
    @Test
    void comments_blank_lines_and_reasons_are_distinguished() {
        var text = """
                # what the exchange announced
                2026-11-19\t10:00-16:30   examination day (수능)

                  2026-12-30 closed
                2026-12-31 open it trades this year
                """;
        assertThat(CalendarFile.parse(text))
                .isEqualTo(new CalendarFile.Days(List.of(
                        new CalendarDay.Moved(
                                LocalDate.of(2026, 11, 19),
                                new SessionTimes(LocalTime.of(10, 0), LocalTime.of(16, 30)),
                                "examination day (수능)"),
                        new CalendarDay.Closed(LocalDate.of(2026, 12, 30), ""),
                        new CalendarDay.Usual(LocalDate.of(2026, 12, 31), "it trades this year"))));
        assertThat(CalendarFile.parse("")).isEqualTo(new CalendarFile.Days(List.of()));
    }

    @Test
    void a_bad_line_is_named_with_its_number_its_text_and_what_is_wrong() {
        assertProblem("# one\n2026-02-30 closed", 2, "line 2 (2026-02-30 closed): ");
        assertProblem("2026-13-01 closed", 1, "2026-13-01");
        assertProblem("2026-11-19", 1, "after the date comes closed, open or HH:mm-HH:mm");
        assertProblem("2026-11-19 close", 1, "after the date comes closed, open or HH:mm-HH:mm");
        assertProblem("2026-11-19 10:00", 1, "after the date comes closed, open or HH:mm-HH:mm");
        assertProblem("2026-11-19 25:00-26:00", 1, "25:00");
        assertProblem("2026-11-19 16:30-10:00", 1, "a session opens before it closes");
        assertProblem("2026-11-19 10:00-10:20", 1, "a session lasts 30 minutes at least");
        assertProblem("2026-11-19 closed\n\n2026-11-19 open", 3, "2026-11-19 is repeated");
    }

    private static void assertProblem(String text, int line, String problem) {
        assertThat(CalendarFile.parse(text)).as(text).isInstanceOfSatisfying(CalendarFile.Unreadable.class, bad -> {
            assertThat(bad.line()).isEqualTo(line);
            assertThat(bad.problem()).contains(problem).doesNotContain("\n");
        });
    }

    @Test
    void a_session_of_half_an_hour_is_the_shortest() {
        assertThat(CalendarFile.parse("2026-11-19 10:00-10:30"))
                .isEqualTo(new CalendarFile.Days(List.of(new CalendarDay.Moved(
                        LocalDate.of(2026, 11, 19), new SessionTimes(LocalTime.of(10, 0), LocalTime.of(10, 30)), ""))));
        assertProblem("2026-11-19 10:00-10:29", 1, "a session lasts 30 minutes at least");
    }
}
