package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.journal.Journal;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.SqliteJournal;
import kr.kisgateway.gateway.order.JournalGenerator.Life;
import kr.kisgateway.gateway.order.OrderStore.FillFilter;
import kr.kisgateway.gateway.order.OrderStore.FillPosition;
import kr.kisgateway.gateway.order.OrderStore.RecordedFill;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of fills from a journal that also has notices of shares which the broker's list had shown before. */
class FillPagesTest {
    private static final Instant NOW = Instant.parse("2026-11-20T01:00:00Z");
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);
    private static final int LIMIT = 7;
    private static final FillFilter ALL = new FillFilter(
            new OrderStore.Filter(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    @TempDir
    Path folder;

    private Journal open() {
        return SqliteJournal.open(folder.resolve("journal.db"), "sim", new OrderStore(), InstantSource.fixed(NOW));
    }

    private static List<RecordedFill> page(Journal journal, Optional<FillPosition> before) {
        return journal.read(connection -> new OrderStore().fills(connection, ALL, before, LIMIT))
                .orElseThrow();
    }

    /** A notice that counts no shares, as after a fill that a query had counted. */
    private static JournalEntry counted(RecordedFill fill, long seq) {
        var none = new Fill(
                fill.order().text() + ".2",
                fill.fill().odno(),
                0,
                0,
                fill.fill().time(),
                Fill.Source.NOTICE);
        var event = new OrderEvent.Filled(fill.order(), 10, 700_000, none);
        return new JournalEntry(
                "A1",
                seq,
                NOW,
                fill.tradingDay(),
                OrderEventJson.type(event),
                OrderEventJson.VERSION,
                1,
                fill.order().text(),
                new OrderEventJson().write(event));
    }

    @Test
    void a_page_is_full_although_notices_without_shares_lie_between_the_fills() {
        try (var fill = new JournalGenerator(folder.resolve("journal.db"), NOW)) {
            fill.add(TODAY.minusDays(1), 20, Life.FILLED);
            fill.add(TODAY, 10, Life.OPEN);
        }
        try (Journal journal = open()) {
            var first = page(journal, Optional.empty());
            List<JournalEntry> entries = new ArrayList<>();
            long last = journal.lastSeq().get("A1");
            for (int i = 0; i < 2 * LIMIT; i++) {
                entries.add(counted(first.get(i % LIMIT), last + 1 + i));
            }
            journal.commit(entries, _ -> {});

            assertThat(page(journal, Optional.empty())).isEqualTo(first).hasSize(LIMIT);
            List<RecordedFill> all = new ArrayList<>(first);
            for (var page = first; page.size() == LIMIT; ) {
                var end = page.getLast();
                page = page(journal, Optional.of(new FillPosition("A1", end.seq())));
                all.addAll(page);
            }
            assertThat(all).hasSize(20).doesNotHaveDuplicates();
            assertThat(all).allMatch(it -> it.fill().qty() == 10);
            Optional<List<RecordedFill>> unknown = journal.read(connection ->
                    new OrderStore().fills(connection, ALL, Optional.of(new FillPosition("A1", 1)), LIMIT));
            assertThat(unknown).as("an acceptance is no fill").isEmpty();
        }
    }
}
