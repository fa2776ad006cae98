package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.journal.Journal;
import kr.kisgateway.gateway.order.JournalFill.Life;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start reads of a journal that holds far more than it needs. */
class JournalStartTest {
    private static final Instant NOW = Instant.parse("2026-11-20T01:00:00Z");
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);

    @TempDir
    Path folder;

    @BeforeEach
    void a_journal_of_many_days() {
        try (var fill = new JournalFill(folder.resolve("journal.db"), NOW)) {
            fill.history(TODAY, 4_000, Life.FILLED);
            fill.history(TODAY, 3_000, Life.CANCELED);
            fill.add(TODAY.minusDays(3), 5, Life.OPEN);
            fill.add(TODAY, 20, Life.FILLED);
            fill.add(TODAY, 2, Life.OPEN);
        }
    }

    private Journal open() {
        return Journal.open(folder.resolve("journal.db"), "sim", new OrderStore(), InstantSource.fixed(NOW));
    }

    @Test
    void a_start_reads_the_orders_of_today_and_of_each_day_of_which_one_is_open() {
        try (Journal journal = open()) {
            List<Order> orders = journal.onWriter(connection -> new OrderStore().openAndToday(connection, TODAY));
            assertThat(orders)
                    .as("22 of today; 5 open ones and 100 that ended on their day")
                    .hasSize(22 + 5 + 100);
            assertThat(orders).filteredOn(o -> !o.status().terminal()).hasSize(7);
            assertThat(journal.lastSeq()).containsExactly(Map.entry("A1", 4_000L + 3_000 + 15 + 80 + 6));
        }
    }

    @Test
    void no_part_of_a_start_reads_the_whole_of_a_table_that_grows() {
        List<String> plan = new ArrayList<>();
        try (Journal journal = open()) {
            journal.onWriter(connection -> {
                for (String sql : List.of(OrderStore.OPEN_AND_TODAY, "SELECT stream, last_seq FROM streams")) {
                    try (var explain = connection.prepareStatement("EXPLAIN QUERY PLAN " + sql);
                            var row = explain.executeQuery()) {
                        while (row.next()) {
                            plan.add(row.getString(4));
                        }
                    }
                }
                return plan;
            });
        }
        assertThat(plan)
                .isNotEmpty()
                .noneMatch(step -> step.matches("SCAN (j|o|journal|orders|idempotency)\\b.*"))
                .anyMatch(step -> step.contains("orders_open"))
                .anyMatch(step -> step.contains("orders_day"));
    }
}
