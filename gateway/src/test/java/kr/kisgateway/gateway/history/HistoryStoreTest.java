package kr.kisgateway.gateway.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import kr.kisgateway.gateway.history.HistoryStore.CoverageKey;
import kr.kisgateway.gateway.history.HistoryStore.Table;
import kr.kisgateway.gateway.meter.BoundMeters;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class HistoryStoreTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final Symbol HYNIX = new Symbol("000660");
    private static final UsSymbol APPLE = new UsSymbol(UsExchange.NASD, "AAPL");

    @TempDir
    Path folder;

    @ParameterizedTest
    @Requirement("P-13")
    @ValueSource(strings = {"005930", "BRK-B.NYSE"})
    void merged_bars_are_read_back_and_a_day_without_a_bar_is_recorded_as_empty(String code) {
        var symbol = Markets.standard().parse(code).orElseThrow();
        try (var store = open("a")) {
            assertThat(store.days(symbol, true)).isEqualTo(Series.EMPTY);

            merge(store, symbol, "2025-12-29", "2026-01-05", 100);

            assertThat(store.days(symbol, true).segments()).singleElement().satisfies(stretch -> {
                assertThat(stretch.from()).isEqualTo(LocalDate.parse("2025-12-29"));
                assertThat(stretch.to()).isEqualTo(LocalDate.parse("2026-01-05"));
                assertThat(stretch.bars()).isEqualTo(days(symbol.market(), "2025-12-29", "2026-01-05", 100));
            });
            assertThat(store.days(symbol, false)).isEqualTo(Series.EMPTY);
        }
        try (var reopened = open("a")) {
            assertThat(reopened.days(symbol, true).size()).isEqualTo(8);
        }
    }

    @Test
    @Requirement("P-13")
    void the_same_rows_produce_the_same_bytes_regardless_of_their_order() throws Exception {
        try (var once = open("once")) {
            merge(once, HYNIX, "2025-01-01", "2026-06-30", 7);
            merge(once, SAMSUNG, "2025-01-01", "2026-06-30", 5);
        }
        try (var often = open("often")) {
            merge(often, SAMSUNG, "2026-01-01", "2026-06-30", 9);
            merge(often, SAMSUNG, "2025-01-01", "2025-12-31", 5);
            merge(often, HYNIX, "2025-01-01", "2026-06-30", 7);
            merge(often, SAMSUNG, "2026-01-01", "2026-06-30", 5);
            merge(often, SAMSUNG, "2026-01-01", "2026-06-30", 5);
        }

        assertThat(files(folder.resolve("often"))).isEqualTo(files(folder.resolve("once")));
        assertThat(files(folder.resolve("once")).keySet())
                .containsExactly(
                        "coverage.parquet",
                        "daily/market=KRX/year=2025/part-0.parquet",
                        "daily/market=KRX/year=2026/part-0.parquet");
    }

    @ParameterizedTest
    @Requirement(value = "P-13", clause = "parquet")
    @CsvSource({
        "005930, KRX, 2026-11-20 09:00:00.0, KRW, 1, Asia/Seoul",
        "AAPL.NASD, US, 2026-11-20 23:00:00.0, USD, 0.0001, America/New_York"
    })
    void another_program_reads_the_folder_by_a_glob_with_hive_partitions(
            String code, String folderName, String kst, String currency, String unit, String zone) throws Exception {
        var symbol = Markets.standard().parse(code).orElseThrow();
        var at = LocalDateTime.parse("2026-11-20T09:00").atZone(symbol.market().zone());
        try (var store = open("a")) {
            merge(store, symbol, "2025-12-30", "2026-01-02", 100);
            minute(store, symbol, at.toLocalDate());
            assertThat(store.minutes(symbol, at.toLocalDate()).orElseThrow()).hasSize(1);
            assertThat(store.minutes(HYNIX, at.toLocalDate())).isEmpty();
        }

        var root = folder.resolve("a").toString();
        assertThat(outside(
                        "SELECT year, market, count(*), min(open), max(turnover), any_value(source) FROM read_parquet('"
                                + root
                                + "/daily/**/*.parquet', hive_partitioning = true) WHERE symbol = '" + code
                                + "' AND adjusted GROUP BY ALL ORDER BY ALL"))
                .containsExactly("2025|" + folderName + "|2|100|1000|kis", "2026|" + folderName + "|2|100|1000|kis");
        assertThat(outside("SELECT date, market, symbol, ts, kst, close, turnover, adjusted FROM read_parquet('" + root
                        + "/minute/**/*.parquet', hive_partitioning = true)"))
                .containsExactly("2026-11-20|" + folderName + "|" + code + "|" + at.toEpochSecond() + "|" + kst
                        + "|11|null|false");
        assertThat(outside("SELECT \"table\", symbol, first_day, last_day FROM read_parquet('" + root
                        + "/coverage.parquet') ORDER BY ALL"))
                .containsExactly(
                        "DAILY|" + code + "|2025-12-30|2026-01-02", "MINUTE|" + code + "|2026-11-20|2026-11-20");
        for (var table : List.of("daily", "minute")) {
            assertThat(outside("SELECT DISTINCT decode(key) || ' ' || decode(value) FROM parquet_kv_metadata('" + root
                            + "/" + table + "/**/*.parquet') ORDER BY 1"))
                    .containsExactly("currency " + currency, "price_unit " + unit, "zone " + zone);
        }
    }

    @ParameterizedTest
    @Requirement("P-13")
    @ValueSource(strings = {"daily/market=KRX/year=2026", "minute/market=US/date=2026-11-20"})
    void half_written_files_of_a_kill_are_removed(String partition) throws Exception {
        var half = folder.resolve("a/" + partition + "/.part-0.parquet.tmp");
        Files.createDirectories(half.getParent());
        Files.writeString(half, "half");

        open("a").close();

        assertThat(half).doesNotExist();
    }

    @Test
    @Requirement("P-13")
    void a_folder_of_an_earlier_release_is_read_and_continued() {
        EarlierFolder.copyTo(folder.resolve("a"));
        var thursday = LocalDate.parse("2026-11-19");
        var day = Bar.ofDay(
                thursday,
                Market.KOREA.zone(),
                70_000,
                71_200,
                69_800,
                71_100,
                11_204_310,
                OptionalLong.of(792_000_000_000L));
        try (var store = open("a")) {
            assertThat(store.days(SAMSUNG, false).segments()).singleElement().satisfies(segment -> {
                assertThat(new Span(segment.from(), segment.to())).isEqualTo(new Span(thursday, thursday.plusDays(1)));
                assertThat(segment.bars()).hasSize(2).startsWith(day);
            });
            assertThat(store.minutes(SAMSUNG, thursday.plusDays(1)).orElseThrow())
                    .extracting(Bar::close)
                    .containsExactly(71_200L, 71_100L);

            mergeFrom(store, "kis", "2026-11-21");
            merge(store, APPLE, "2026-11-19", "2026-11-20", 2_710_000);
            minute(store, HYNIX, thursday.plusDays(1));

            assertThat(store.days(SAMSUNG, false).segments())
                    .singleElement()
                    .satisfies(segment -> assertThat(segment.bars()).hasSize(6).startsWith(day));
            assertThat(store.minutes(SAMSUNG, thursday.plusDays(1)).orElseThrow())
                    .hasSize(2);
            assertThat(store.days(APPLE, true).size()).isEqualTo(2);
        }
    }

    @Test
    @Requirement("P-13")
    void unreadable_files_are_treated_as_absent() throws Exception {
        Files.createDirectories(folder.resolve("a"));
        Files.writeString(folder.resolve("a/coverage.parquet"), "nonsense");

        try (var store = open("a")) {
            assertThat(store.days(SAMSUNG, true)).isEqualTo(Series.EMPTY);
        }
    }

    @Test
    @Requirement("P-06")
    void of_two_sources_kis_takes_precedence_and_the_difference_is_reported() throws Exception {
        var orders = List.of(List.of("kis", "krx"), List.of("krx", "kis"));
        for (var order : orders) {
            try (var store = open(order.getFirst() + "-first")) {
                assertThat(mergeFrom(store, order.getFirst(), "2024-01-02").conflicts())
                        .isEmpty();
                var found = mergeFrom(store, order.getLast(), "2024-01-04");

                // The days from the 4th to the 5th are in both.
                assertThat(found.conflicts()).hasSize(2).allSatisfy(conflict -> {
                    assertThat(conflict.chosenSource()).isEqualTo("kis");
                    assertThat(List.of(conflict.staged(), conflict.written()).toString())
                            .contains("kis 100 102 99 101", "krx 200 202 199 201");
                });
                // A kill before the job recorded it: the conflict is reported again, unless the losing value is deleted
                // by now.
                if (order.getFirst().equals("kis")) {
                    assertThat(mergeFrom(store, "krx", "2024-01-04").conflicts())
                            .isEqualTo(found.conflicts());
                }
            }
        }

        var rows =
                "SELECT source, count(*), min(open) FROM read_parquet('%s/daily/**/*.parquet') GROUP BY 1 ORDER BY 1";
        assertThat(outside(rows.formatted(folder.resolve("kis-first")))).containsExactly("kis|4|100", "krx|2|200");
        // The first source was requested for 2 to 5 January, the other for 4 to 7.
        assertThat(outside(rows.formatted(folder.resolve("krx-first")))).containsExactly("kis|4|100", "krx|2|200");
    }

    @Test
    @Requirement("P-06")
    void equal_figures_of_two_sources_are_no_difference() {
        try (var store = open("a")) {
            mergeFrom(store, "kis", "2024-01-02", 100);
            assertThat(mergeFrom(store, "krx", "2024-01-02", 100).conflicts()).isEmpty();
            assertThat(mergeFrom(store, "krx", "2024-01-02", 101).conflicts()).hasSize(4);
        }
    }

    @Test
    void coverage_that_was_read_before_another_gateway_wrote_the_first_file_is_read_again() {
        try (var former = open("a");
                var next = open("a")) {
            assertThat(next.days(SAMSUNG, true).segments()).isEmpty();
            merge(former, SAMSUNG, "2025-01-01", "2025-01-03", 5);
            next.readAgain();
            merge(next, HYNIX, "2025-01-01", "2025-01-03", 7);
            assertThat(next.days(SAMSUNG, true).segments()).isNotEmpty();
            assertThat(next.days(HYNIX, true).segments()).isNotEmpty();
        }
    }

    @Test
    void a_staged_file_that_is_lost_fails_the_merge_and_covers_nothing() {
        try (var store = open("a")) {
            var of = new CoverageKey(Table.DAILY, SAMSUNG, false);
            var day = LocalDate.parse("2025-01-02");
            assertThatThrownBy(() -> store.merge(
                            Market.KOREA,
                            Table.DAILY,
                            List.of(folder.resolve("lost.csv")),
                            Map.of(of, List.of(new Span(day, day)))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("lost.csv");
            assertThat(store.covered(Table.DAILY, SAMSUNG, false)).isEmpty();
        }
    }

    @Test
    @Requirement("P-06")
    void exchange_holidays_join_the_adjacent_coverage() {
        try (var store = open("a")) {
            // Friday, the weekend, a Monday without a list, Tuesday.
            var friday = LocalDate.parse("2024-02-09");
            var tuesday = friday.plusDays(4);
            var of = new CoverageKey(Table.DAILY, SAMSUNG, false);
            store.merge(
                    Market.KOREA, Table.DAILY, List.of(), Map.of(of, List.of(new Span(tuesday, tuesday))), Set.of());
            store.merge(
                    Market.KOREA,
                    Table.DAILY,
                    List.of(),
                    Map.of(of, List.of(new Span(friday, friday))),
                    Set.of(friday.plusDays(1), friday.plusDays(2), friday.plusDays(3)));

            assertThat(store.covered(Table.DAILY, SAMSUNG, false)).containsExactly(new Span(friday, tuesday));
        }
    }

    @Test
    @Requirement("P-13")
    void minutes_before_a_day_are_deleted_with_their_coverage() throws Exception {
        var day = LocalDate.parse("2026-11-16");
        try (var store = open("a")) {
            for (int i = 0; i < 4; i++) {
                minute(store, SAMSUNG, day.plusDays(i));
            }
            minute(store, APPLE, day.plusDays(1));
            merge(store, HYNIX, "2025-01-01", "2025-01-03", 7);

            assertThat(store.deleteMinutesBefore(day.plusDays(2))).isEqualTo(3);
            assertThat(store.minutes(APPLE, day.plusDays(1))).isEmpty();

            assertThat(store.minutes(SAMSUNG, day.plusDays(1))).isEmpty();
            assertThat(store.minutes(SAMSUNG, day.plusDays(2)).orElseThrow()).hasSize(1);
            assertThat(store.covered(Table.MINUTE, SAMSUNG, false))
                    .containsExactly(new Span(day.plusDays(2), day.plusDays(3)));
            assertThat(store.days(HYNIX, true).size()).isEqualTo(3);
        }
        assertThat(files(folder.resolve("a")).keySet())
                .containsExactly(
                        "coverage.parquet",
                        "daily/market=KRX/year=2025/part-0.parquet",
                        "minute/market=KRX/date=2026-11-18/part-0.parquet",
                        "minute/market=KRX/date=2026-11-19/part-0.parquet");
        try (var reopened = open("a")) {
            assertThat(reopened.minutes(SAMSUNG, day)).isEmpty();
            assertThat(reopened.deleteMinutesBefore(day.plusDays(2))).isZero();
        }
    }

    @Test
    @Requirement("P-13")
    void a_read_beyond_its_time_limit_is_ended_and_delays_no_write() throws Exception {
        try (var store = open("a")) {
            merge(store, SAMSUNG, "2025-01-01", "2025-12-31", 5);
            ManyFiles.beside(folder.resolve("a/daily/market=KRX"), 20_000);
            var reads = new ArrayList<Thread>();
            for (int i = 0; i < HistoryStore.READERS; i++) {
                reads.add(Thread.ofVirtual().start(() -> store.days(SAMSUNG, true)));
            }

            var startNanos = System.nanoTime();
            merge(store, HYNIX, "2026-01-01", "2026-01-05", 7);
            var duringReads = reads.stream().anyMatch(Thread::isAlive);
            for (var read : reads) {
                assertThat(read.join(Duration.ofSeconds(60))).isTrue();
            }
            var all = Duration.ofNanos(System.nanoTime() - startNanos);

            assertThat(BoundMeters.of(store::bindTo).value("history.late.reads"))
                    .as("reads took %s", all)
                    .isEqualTo(HistoryStore.READERS);
            assertThat(all).isLessThan(Duration.ofSeconds(30));
            assertThat(duringReads).as("the merge ended before the reads").isTrue();
            // The ended reads are closed: the next ones run at once.
            ManyFiles.remove(folder.resolve("a/daily/market=KRX"));
            assertThat(store.days(HYNIX, true).size()).isEqualTo(5);
        }
    }

    private HistoryStore open(String name) {
        var store = HistoryStore.open(folder.resolve(name), folder.resolve("spill"));
        store.recover();
        return store;
    }

    private void merge(HistoryStore store, MarketSymbol symbol, String from, String to, long price) {
        var staged = folder.resolve("staged/" + symbol + ".csv");
        StagedBars.write(staged, symbol, days(symbol.market(), from, to, price), true, "kis");
        store.merge(
                symbol.market(),
                Table.DAILY,
                List.of(staged),
                Map.of(
                        new CoverageKey(Table.DAILY, symbol, true),
                        List.of(new Span(LocalDate.parse(from), LocalDate.parse(to)))));
    }

    private HistoryStore.MergeResult mergeFrom(HistoryStore store, String source, String from) {
        return mergeFrom(store, source, from, source.equals("kis") ? 100 : 200);
    }

    /** Four days from a source, all covered. */
    private HistoryStore.MergeResult mergeFrom(HistoryStore store, String source, String from, long price) {
        var first = LocalDate.parse(from);
        var staged = folder.resolve("staged/" + source + ".csv");
        StagedBars.write(
                staged, SAMSUNG, days(Market.KOREA, from, first.plusDays(3).toString(), price), false, source);
        return store.merge(
                Market.KOREA,
                Table.DAILY,
                List.of(staged),
                Map.of(new CoverageKey(Table.DAILY, SAMSUNG, false), List.of(new Span(first, first.plusDays(3)))));
    }

    private void minute(HistoryStore store, MarketSymbol symbol, LocalDate day) {
        var at = day.atTime(9, 0).atZone(symbol.market().zone());
        var staged = folder.resolve("staged/" + day + ".csv");
        StagedBars.write(
                staged,
                symbol,
                List.of(new Bar(day, at.toEpochSecond(), 10, 12, 9, 11, 5, OptionalLong.empty())),
                false,
                "kis");
        store.merge(
                symbol.market(),
                Table.MINUTE,
                List.of(staged),
                Map.of(new CoverageKey(Table.MINUTE, symbol, false), List.of(new Span(day, day))));
    }

    private static List<Bar> days(Market market, String from, String to, long price) {
        var bars = new ArrayList<Bar>();
        LocalDate.parse(from)
                .datesUntil(LocalDate.parse(to).plusDays(1))
                .forEach(day -> bars.add(Bar.ofDay(
                        day, market.zone(), price, price + 2, price - 1, price + 1, 10, OptionalLong.of(1_000))));
        return bars;
    }

    private static Map<String, Integer> files(Path root) throws Exception {
        var all = new TreeMap<String, Integer>();
        try (var files = Files.walk(root)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                all.put(root.relativize(file).toString(), java.util.Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return all;
    }

    /** Reads the files as another program does. */
    private static List<String> outside(String sql) throws Exception {
        var rows = new ArrayList<String>();
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                var statement = duckdb.createStatement();
                var row = statement.executeQuery(sql)) {
            while (row.next()) {
                var cells = new ArrayList<String>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    cells.add(String.valueOf(row.getObject(i)));
                }
                rows.add(String.join("|", cells));
            }
        }
        return rows;
    }
}
