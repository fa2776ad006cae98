package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import kr.kisgateway.gateway.database.Dialect;
import kr.kisgateway.gateway.journal.Journal;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.SqliteJournal;
import kr.kisgateway.gateway.order.JournalGenerator.Life;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The events that a start reads of a journal that contains far more. */
@Tag("slow")
class JournalStartTest {
    private static final Instant NOW = Instant.parse("2026-11-20T01:00:00Z");
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);

    @TempDir
    Path folder;

    @BeforeEach
    void createJournalOfManyDays() {
        try (var fill = new JournalGenerator(folder.resolve("journal.db"), NOW)) {
            fill.history(TODAY, 4_000, Life.FILLED);
            fill.history(TODAY, 3_000, Life.CANCELED);
            fill.add(TODAY.minusDays(3), 5, Life.OPEN);
            fill.add(TODAY, 20, Life.FILLED);
            fill.add(TODAY, 2, Life.OPEN);
        }
    }

    private Journal open() {
        return SqliteJournal.open(folder.resolve("journal.db"), "sim", new OrderStore(), InstantSource.fixed(NOW));
    }

    @Test
    void a_start_reads_todays_orders_and_those_of_each_day_with_an_open_one() {
        try (Journal journal = open()) {
            List<Order> orders =
                    journal.onWriter(connection -> new OrderStore().openAndToday(connection, TODAY, TODAY));
            assertThat(orders)
                    .as("22 of today; 5 open ones and 100 that ended on their day")
                    .hasSize(22 + 5 + 100);
            assertThat(orders).filteredOn(o -> !o.status().isTerminal()).hasSize(7);
            assertThat(journal.lastSeq()).containsExactly(Map.entry("A1", 4_000L + 3_000 + 15 + 80 + 6));
        }
    }

    private static JournalEntry control(int seq, ControlEvent event) {
        return new JournalEntry(
                ControlEvent.STREAM,
                seq,
                NOW,
                TODAY,
                ControlEventJson.type(event),
                ControlEventJson.VERSION,
                1,
                ControlEvent.STREAM,
                new ControlEventJson().write(event));
    }

    private static KeyUse key(int i) {
        return new KeyUse("local/A1", "all-" + i, "cancel-all:A1");
    }

    @Test
    void a_start_reads_only_the_relevant_ones_of_a_hundred_thousand_controls_and_finds_the_oldest_key() {
        List<JournalEntry> entries = new ArrayList<>();
        var first = OrderId.create(NOW, new Random(7));
        entries.add(control(1, new ControlEvent.DryRunPassed("A1", TODAY, Optional.empty())));
        entries.add(control(2, new ControlEvent.CancelAllRequested(key(2), List.of(first))));
        entries.add(control(3, new ControlEvent.LimitsSet("{\"a\":1}", "{}", Optional.of("ops"), NOW)));
        entries.add(control(4, new ControlEvent.LimitsSet("{\"a\":2}", "{}", Optional.of("ops"), NOW)));
        var fingerprint = new AccountFingerprint("k", "f");
        entries.add(control(5, new ControlEvent.AliasAssigned("A1", fingerprint, NOW)));
        for (int i = 6; i <= 50_000; i++) {
            entries.add(control(
                    i,
                    new ControlEvent.KillSwitchSet(
                            i % 2 == 0, ControlEvent.Source.OPERATOR, "n" + i, Optional.of("ops"), NOW)));
        }
        for (int i = 50_001; i <= 100_000; i++) {
            entries.add(control(i, new ControlEvent.CancelAllRequested(key(i), List.of())));
        }
        try (Journal journal = open()) {
            journal.commit(entries, _ -> {});
            List<ControlEvent> events = journal.onWriter(new OrderStore()::controlEvents);
            assertThat(events).hasSize(4 + IdempotencyKeys.CANCEL_ALL_CALLS);
            assertThat(events.subList(0, 4))
                    .containsExactly(
                            new ControlEvent.DryRunPassed("A1", TODAY, Optional.empty()),
                            new ControlEvent.LimitsSet("{\"a\":2}", "{}", Optional.of("ops"), NOW),
                            new ControlEvent.AliasAssigned("A1", fingerprint, NOW),
                            new ControlEvent.KillSwitchSet(
                                    true, ControlEvent.Source.OPERATOR, "n50000", Optional.of("ops"), NOW));
            assertThat(events.getLast()).isEqualTo(new ControlEvent.CancelAllRequested(key(100_000), List.of()));
            Optional<ControlEvent.CancelAllRequested> oldest =
                    journal.onWriter(connection -> new OrderStore().cancelAll(connection, key(2).name()));
            assertThat(oldest).contains(new ControlEvent.CancelAllRequested(key(2), List.of(first)));
            var ofAnother = new KeyUse.Name("local/A2", "all-2");
            Optional<ControlEvent.CancelAllRequested> none =
                    journal.onWriter(connection -> new OrderStore().cancelAll(connection, ofAnother));
            assertThat(none).isEmpty();
        }
    }

    @Test
    void a_start_reads_only_the_orders_of_the_previous_day_that_its_list_may_still_change() {
        Path file = folder.resolve("two-days.db");
        try (var fill = new JournalGenerator(file, NOW)) {
            fill.add(TODAY.minusDays(2), 4, Life.SHORT);
            fill.add(TODAY.minusDays(2), 4, Life.EXPIRED);
            fill.add(TODAY.minusDays(1), 3, Life.SHORT);
            fill.add(TODAY.minusDays(1), 2, Life.EXPIRED);
            fill.add(TODAY.minusDays(1), 7, Life.NOT_SENT);
            fill.add(TODAY.minusDays(1), 5, Life.FILLED);
            fill.add(TODAY.minusDays(1), 6, Life.CANCELED);
        }
        try (Journal journal = SqliteJournal.open(file, "sim", new OrderStore(), InstantSource.fixed(NOW))) {
            List<Order> orders =
                    journal.onWriter(connection -> new OrderStore().openAndToday(connection, TODAY, TODAY));
            assertThat(orders)
                    .hasSize(3 + 2)
                    .allMatch(order -> order.tradingDay().equals(TODAY.minusDays(1)));
            assertThat(orders).filteredOn(Order::isMissingFills).hasSize(3);
            assertThat(orders)
                    .as("those that rested at the broker")
                    .filteredOn(order -> order.status() == OrderStatus.EXPIRED)
                    .hasSize(2)
                    .allMatch(order -> order.liveRef().isPresent());
        }
    }

    @Test
    void a_start_reads_the_previous_day_completely_when_one_of_its_orders_was_abandoned() {
        Path file = folder.resolve("given-up.db");
        try (var fill = new JournalGenerator(file, NOW)) {
            fill.add(TODAY.minusDays(2), 4, Life.GIVEN_UP);
            fill.add(TODAY.minusDays(1), 1, Life.GIVEN_UP);
            fill.add(TODAY.minusDays(1), 5, Life.FILLED);
        }
        try (Journal journal = SqliteJournal.open(file, "sim", new OrderStore(), InstantSource.fixed(NOW))) {
            List<Order> orders =
                    journal.onWriter(connection -> new OrderStore().openAndToday(connection, TODAY, TODAY));
            assertThat(orders).hasSize(6).allMatch(order -> order.tradingDay().equals(TODAY.minusDays(1)));
            assertThat(orders).filteredOn(Order::isClosedInDoubt).hasSize(1);
        }
    }

    @Test
    void no_part_of_a_start_scans_a_growing_table() {
        List<String> plan = new ArrayList<>();
        try (Journal journal = open()) {
            journal.onWriter(connection -> {
                for (String sql : List.of(
                        OrderStore.OPEN_AND_TODAY,
                        OrderStore.LAST_CONTROL,
                        OrderStore.controlOfKey(Dialect.SQLITE),
                        "SELECT stream, last_seq FROM streams")) {
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
                .noneMatch(step -> step.contains("SEARCH journal USING PRIMARY KEY"))
                .anyMatch(step -> step.contains("journal_types"))
                .anyMatch(step -> step.contains("journal_type_keys"))
                .anyMatch(step -> step.contains("orders_open"))
                .anyMatch(step -> step.contains("orders_day"));
    }
}
