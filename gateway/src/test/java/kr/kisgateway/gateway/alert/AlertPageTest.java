package kr.kisgateway.gateway.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The page of alerts lists every alert that can be raised, and the log settles by it. */
class AlertPageTest {
    private static final Instant NOW = Instant.parse("2026-11-20T01:00:00Z");

    private final List<Alert> published = new ArrayList<>();
    private final AlertLog log = new AlertLog(published::add);

    @Test
    void the_page_has_exactly_one_row_for_each_alert() throws IOException {
        assertThat(rows())
                .startsWith(
                        Arrays.stream(AlertEvent.values()).map(AlertEvent::row).toArray(String[]::new));
    }

    @Test
    void and_after_them_one_for_each_figure() throws IOException {
        assertThat(rows())
                .hasSize(AlertEvent.values().length + RuleFigure.values().length)
                .endsWith(
                        Arrays.stream(RuleFigure.values()).map(RuleFigure::row).toArray(String[]::new));
    }

    private static List<String> rows() throws IOException {
        return Files.readAllLines(Path.of("../docs/ALERTS.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();
    }

    @Test
    void settling_a_kind_and_subject_settles_every_open_alert_of_them() {
        log.raise(Alert.of(NOW, "P2", AlertEvent.LIST_FAILED, "2026-11-20", "first"));
        log.raise(Alert.of(NOW, "P2", AlertEvent.LIST_FAILED, "2026-11-19", "of another day"));
        log.raise(Alert.of(NOW, "P2", AlertEvent.LIST_FAILED, "2026-11-20", "second"));
        log.settle(AlertEvent.LIST_FAILED, "2026-11-20", NOW.plusSeconds(1));
        log.settle(AlertEvent.LIST_FAILED, "2026-11-20", NOW.plusSeconds(2));
        log.settle(AlertEvent.FEED_DOWN, "2026-11-19", NOW.plusSeconds(2));
        assertThat(log.newest(10))
                .extracting(alert -> alert.message() + " " + alert.settledAt().isPresent())
                .containsExactly("second true", "of another day false", "first true");
        assertThat(published)
                .extracting(Alert::message)
                .containsExactly("first", "of another day", "second", "first", "second");
        assertThat(log.raised()).isEqualTo(3);
    }

    @Test
    void an_alert_about_a_completed_event_is_settled_when_published() {
        log.raise(Alert.of(NOW, "P3", AlertEvent.LIMITS_CHANGED, "", "the limits were set"));
        assertThat(log.newest(1).getFirst().settledAt()).contains(NOW);
        assertThat(published).hasSize(1);
    }

    @Test
    void a_kind_that_is_off_is_not_raised_and_another_level_replaces_its_own() {
        log.use(new AlertPolicy(
                Set.of(AlertEvent.LIMITS_CHANGED), Map.of(AlertEvent.LIST_FAILED, "P1"), Map.of(), Map.of()));
        log.raise(Alert.of(NOW, "P3", AlertEvent.LIMITS_CHANGED, "", "off"));
        log.raise(Alert.of(NOW, "P2", AlertEvent.LIST_FAILED, "2026-11-20", "of another level"));
        assertThat(published).singleElement().satisfies(alert -> {
            assertThat(alert.level()).isEqualTo("P1");
            assertThat(alert.message()).isEqualTo("of another level");
        });
        log.use(AlertPolicy.standard());
        log.raise(Alert.of(NOW, "P3", AlertEvent.LIMITS_CHANGED, "", "on again"));
        assertThat(published).hasSize(2);
    }
}
