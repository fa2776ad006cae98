package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.journal.Journal;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.JournalPlace;
import kr.kisgateway.gateway.order.JournalGenerator.Life;
import kr.kisgateway.gateway.order.OrderStore.FillFilter;
import kr.kisgateway.gateway.order.OrderStore.Filter;
import kr.kisgateway.market.Side;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every query of orders, over the same events in SQLite and in PostgreSQL. */
@Tag("slow")
class OrderStoreDatabasesTest {
    private static final Instant NOW = Instant.parse("2026-11-20T05:00:00Z");
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);
    private static final Filter ANY = new Filter(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    @TempDir
    Path folder;

    private final OrderStore store = new OrderStore();

    private static Filter filter(
            Optional<Set<String>> accounts,
            Optional<Set<OrderStatus>> statuses,
            Optional<Set<String>> symbols,
            Optional<LocalDate> day,
            Optional<String> principal) {
        return new Filter(accounts, statuses, symbols, Optional.empty(), day, principal);
    }

    private static Map<String, Filter> filters() {
        var filters = new LinkedHashMap<String, Filter>();
        filters.put("any", ANY);
        filters.put(
                "account",
                filter(
                        Optional.of(Set.of("A1", "A2")),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        filters.put(
                "other account",
                filter(
                        Optional.of(Set.of("A2")),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        filters.put(
                "status",
                filter(
                        Optional.empty(),
                        Optional.of(Set.of(OrderStatus.FILLED, OrderStatus.SENT)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        filters.put(
                "symbol",
                filter(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Set.of("005930")),
                        Optional.empty(),
                        Optional.empty()));
        filters.put(
                "other symbol",
                filter(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Set.of("000660")),
                        Optional.empty(),
                        Optional.empty()));
        filters.put(
                "day",
                filter(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(TODAY.minusDays(1)),
                        Optional.empty()));
        filters.put(
                "key",
                filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("local")));
        filters.put(
                "other key",
                filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("loca")));
        return filters;
    }

    /** The answers of all queries, by what was asked for. */
    private Map<String, Object> answers(JournalPlace place) {
        var answers = new LinkedHashMap<String, Object>();
        try (var fill = new JournalGenerator(place.open(store))) {
            fill.add(TODAY.minusDays(2), 7, Life.FILLED);
            fill.add(TODAY.minusDays(1), 5, Life.GIVEN_UP);
            fill.add(TODAY.minusDays(1), 5, Life.SHORT);
            fill.add(TODAY.minusDays(1), 3, Life.NOT_SENT);
            fill.add(TODAY, 4, Life.OPEN);
            fill.add(TODAY, 6, Life.FILLED);
            fill.add(TODAY, 3, Life.CANCELED);
        }
        try (Journal journal = place.open(store)) {
            journal.commit(controls(journal.fence()), _ -> {});
            answers.put(
                    "start",
                    journal.onWriter(it -> store.openAndToday(it, TODAY, TODAY)).stream()
                            .map(Order::toString)
                            .toList());
            answers.put("controls", journal.onWriter(store::controlEvents));
            answers.put("last", journal.lastSeq());
            answers.put("key", journal.read(it -> OrderStore.priorUse(it, new KeyUse.Name("local/A1", "k3"))));
            answers.put("unknown key", journal.read(it -> OrderStore.priorUse(it, new KeyUse.Name("local/A1", "K3"))));
            answers.put("cancel all", journal.read(it -> store.cancelAll(it, new KeyUse.Name("local/*", "all-1"))));
            answers.put("bounds", journal.read(it -> OrderStore.streamBounds(it, "A1")));
            answers.put(
                    "events",
                    journal.read(it -> store.eventsFrom(it, "A1", 5, 20)).toString());
            answers.put(
                    "fill events",
                    journal.read(it -> store.fillsFrom(it, "A1", 1, 5)).toString());
            filters().forEach((name, filter) -> {
                answers.put("list of " + name, journal.read(it -> OrderStore.list(it, filter, Optional.empty(), 100)));
                for (Optional<Side> side :
                        List.of(Optional.<Side>empty(), Optional.of(Side.BUY), Optional.of(Side.SELL))) {
                    var fills = new FillFilter(
                            filter, Optional.of(TODAY.minusDays(2)), Optional.of(TODAY), side, Optional.empty());
                    answers.put(
                            "fills of " + name + side, journal.read(it -> store.fills(it, fills, Optional.empty(), 4)));
                    answers.put("all fills of " + name + side, pages(journal, fills));
                }
            });
        }
        return answers;
    }

    private List<RecordedIds> pages(Journal journal, FillFilter filter) {
        var all = new ArrayList<RecordedIds>();
        Optional<OrderStore.FillMark> mark = Optional.empty();
        do {
            var after = mark;
            OrderStore.FillPage page = journal.read(it -> store.fillsAfter(it, filter, after, 3));
            page.fills().forEach(fill -> all.add(new RecordedIds(fill.seq(), fill.order())));
            mark = page.next();
        } while (mark.isPresent());
        return all;
    }

    private record RecordedIds(long seq, OrderId order) {}

    private static List<JournalEntry> controls(long fence) {
        var json = new ControlEventJson();
        List<ControlEvent> events = List.of(
                new ControlEvent.KillSwitchSet(true, ControlEvent.Source.OPERATOR, "first", Optional.of("ops"), NOW),
                new ControlEvent.KillSwitchSet(false, ControlEvent.Source.OPERATOR, "second", Optional.of("ops"), NOW));
        var entries = new ArrayList<JournalEntry>();
        for (ControlEvent event : events) {
            entries.add(new JournalEntry(
                    ControlEvent.STREAM,
                    entries.size() + 1,
                    NOW,
                    TODAY,
                    ControlEventJson.type(event),
                    ControlEventJson.VERSION,
                    fence,
                    ControlEvent.STREAM,
                    json.write(event)));
        }
        return entries;
    }

    @Test
    void both_databases_answer_every_query_alike() throws Exception {
        var clock = InstantSource.fixed(NOW);
        Map<String, Object> sqlite =
                answers(new JournalPlace.Sqlite(Files.createDirectories(folder.resolve("sqlite")), clock));
        Map<String, Object> postgres;
        try (var place = new JournalPlace.Database(Files.createDirectories(folder.resolve("postgres")))) {
            postgres = answers(place);
        }
        sqlite.forEach((question, answer) ->
                assertThat(postgres.get(question)).as(question).isEqualTo(answer));
        assertThat((List<?>) sqlite.get("list of key")).isNotEmpty();
        assertThat((List<?>) sqlite.get("list of other key")).isEmpty();
        assertThat((List<?>) sqlite.get("all fills of day" + Optional.empty())).isEmpty();
        assertThat((List<?>) sqlite.get("all fills of account" + Optional.of(Side.BUY)))
                .hasSize(13);
        assertThat((List<?>) sqlite.get("all fills of any" + Optional.of(Side.SELL)))
                .isEmpty();
        assertThat((Optional<?>) sqlite.get("key")).isPresent();
    }
}
