package kr.kisgateway.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import kr.kisgateway.terminal.ProgressBar.Unit;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private Instant now = Instant.parse("2026-11-26T00:00:00Z");

    private ProgressBar bar(boolean terminal, int width) {
        return new ProgressBar(new PrintStream(printed, true, StandardCharsets.UTF_8), terminal, width, () -> now);
    }

    /** What was printed since the last call. */
    private String printed() {
        String text = printed.toString(StandardCharsets.UTF_8);
        printed.reset();
        return text;
    }

    @Test
    void a_terminal_shows_one_line_with_bar_rate_and_time_left_which_is_removed_at_the_end() {
        try (var bar = bar(true, 120)) {
            bar.at("reading events", 0, 4_000, Unit.COUNT);
            assertThat(printed()).isEqualTo("\r\u001b[K[" + " ".repeat(24) + "] reading events  0 of 4,000 (0 %)");
            now = now.plusSeconds(2);
            bar.at("reading events", 1_000, 4_000, Unit.COUNT);
            assertThat(printed())
                    .isEqualTo("\r\u001b[K[" + "#".repeat(6) + " ".repeat(18)
                            + "] reading events  1,000 of 4,000 (25 %), 500 a second, 0:06 left");
        }
        assertThat(printed()).isEqualTo("\r\u001b[K");
    }

    @Test
    void a_line_is_never_wider_than_the_terminal_also_with_korean_in_it() {
        try (var bar = bar(true, 60)) {
            bar.at("한글이름의파일이있습니다아주긴이름의파일.parquet", 1, 2, Unit.COUNT);
            String line = printed().substring("\r\u001b[K".length());
            assertThat(Screen.columns(line)).isBetween(57, 59);
        }
    }

    @Test
    void a_pipe_gets_a_line_for_each_tenth_and_no_control_characters() {
        try (var bar = bar(false, Screen.UNBOUNDED)) {
            for (int done = 0; done < 1_000; done++) {
                bar.at("files\u001b[31m", done, 1_000, Unit.COUNT);
            }
        }
        assertThat(printed())
                .doesNotContain("\u001b", "\r")
                .hasLineCount(10)
                .startsWith("files·[31m  0 of 1,000 (0 %)\n");
    }

    @Test
    void a_pipe_gets_a_line_for_each_short_step() {
        try (var bar = bar(false, Screen.UNBOUNDED)) {
            bar.at("checking", 0, 0, Unit.COUNT);
            bar.at("reading", 0, 18, Unit.COUNT);
            bar.at("replaying", 0, 18, Unit.COUNT);
        }
        assertThat(printed()).isEqualTo("checking\nreading  0 of 18 (0 %)\nreplaying  0 of 18 (0 %)\n");
    }

    @Test
    void a_step_that_counts_from_the_beginning_has_its_own_rate() {
        try (var bar = bar(true, 120)) {
            bar.at("reading", 0, 100, Unit.COUNT);
            now = now.plus(Duration.ofMinutes(10));
            bar.at("reading", 100, 100, Unit.COUNT);
            bar.at("replaying", 0, 100, Unit.COUNT);
            now = now.plusSeconds(1);
            printed();
            bar.at("replaying", 50, 100, Unit.COUNT);
        }
        assertThat(printed()).contains("50 a second, 0:01 left");
    }

    @Test
    void files_of_one_copy_share_the_rate_of_all_its_bytes() {
        try (var bar = bar(true, 120)) {
            bar.at("journal.db", 0, 40_000_000, Unit.BYTES);
            now = now.plusSeconds(4);
            bar.at("audit.db", 20_000_000, 40_000_000, Unit.BYTES);
        }
        assertThat(printed()).contains("audit.db  20.0 MB of 40.0 MB (50 %), 5.0 MB a second, 0:04 left");
    }

    @Test
    void remaining_time_is_printed_as_a_clock() {
        assertThat(ProgressBar.remainingTime(3_723)).isEqualTo("1:02:03");
        assertThat(ProgressBar.remainingTime(62)).isEqualTo("1:02");
    }
}
