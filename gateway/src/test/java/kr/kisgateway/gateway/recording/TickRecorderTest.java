package kr.kisgateway.gateway.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.feed.GapCause;
import kr.kisgateway.gateway.history.EarlierFolder;
import kr.kisgateway.gateway.meter.BoundMeters;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.gateway.stream.Channel;
import kr.kisgateway.gateway.stream.DeliveryMode;
import kr.kisgateway.gateway.stream.MarketDataSupply;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The recorder over real files; the test acts as the feed, the pool and the clock. */
@Tag("slow")
class TickRecorderTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final Symbol HYNIX = new Symbol("000660");
    private static final UsSymbol APPLE = new UsSymbol(UsExchange.NASD, "AAPL");
    private static final Instant NINE = Instant.parse("2026-11-20T00:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NINE);
    private final AtomicLong free = new AtomicLong(1L << 40);
    private final AtomicLong ids = new AtomicLong();
    private final List<String> alerts = new ArrayList<>();
    private final AlertLog log = new AlertLog(alert ->
            alerts.add((alert.settledAt().isPresent() ? "settled " : "") + alert.event() + ": " + alert.message()));
    private final List<String> demands = new ArrayList<>();
    private final List<TickRecorder> recorders = new ArrayList<>();
    private DeliveryMode deliveryMode = DeliveryMode.push();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        recorders.forEach(TickRecorder::close);
    }

    @ParameterizedTest
    @Requirement("P-13")
    @CsvSource({"005930, KRX", "AAPL.NASD, US"})
    void ticks_reach_files_within_ten_seconds_and_those_of_other_symbols_do_not(String code, String market)
            throws Exception {
        var symbol = Markets.standard().parse(code).orElseThrow();
        var recorder = recorder();
        recorder.startRecording(List.of(symbol), List.of(TickKind.TRADES, TickKind.BOOKS), "me");
        assertThat(demands).containsExactly("+TRADES " + code, "+BOOKS " + code);

        trade(recorder, symbol, 70_000, 3);
        trade(recorder, symbol, 70_100, 4);
        trade(recorder, HYNIX, 150_000, 1);
        book(recorder, symbol);
        pass(recorder, Duration.ofSeconds(9));
        assertThat(folder.resolve("history/trade")).doesNotExist();
        pass(recorder, Duration.ofSeconds(1));

        assertThat(rows("trade", "symbol, kst, price, qty, side, volume, bid, ask, market, date", "n"))
                .containsExactly(
                        code + "|2026-11-20 09:00:00.0|70000|3|B|100|69900|70000|" + market + "|2026-11-20",
                        code + "|2026-11-20 09:00:00.0|70100|4|B|100|70000|70100|" + market + "|2026-11-20");
        assertThat(rows("book", "symbol, pushed, ask_price_1, bid_qty_2, ask_price_10, total_bid_qty", "n"))
                .containsExactly(code + "|true|1|131|10|8");
        assertThat(rows("gap", "symbol, channel, cause, since_ms = ts_ms", "channel"))
                .containsExactly(code + "|books|STARTED|true", code + "|trades|STARTED|true");
    }

    @Test
    @Requirement("P-13")
    void a_us_day_begins_in_seouls_morning_and_the_prices_of_its_day_market_are_apart() throws Exception {
        now.set(Instant.parse("2026-11-20T08:59:00Z"));
        var recorder = recorder();
        recorder.startRecording(List.of(APPLE), List.of(TickKind.TRADES, TickKind.BOOKS), "me");
        trade(recorder, APPLE, PushFeed.DAY_MARKET, 2_710_000, 3);
        polledBook(recorder, APPLE);
        tick(Duration.ofMinutes(1)); // 18:00 in Seoul: the pre-market
        trade(recorder, APPLE, PushFeed.FREE, 2_723_400, 4);
        polledBook(recorder, APPLE);
        tick(Duration.ofHours(12).plusMinutes(59));
        trade(recorder, APPLE, PushFeed.FREE, 2_734_500, 5);
        tick(Duration.ofMinutes(1)); // 07:00 in Seoul
        trade(recorder, APPLE, PushFeed.FREE, 2_745_600, 6);
        recorder.writeIfDue();

        assertThat(rows("trade", "market, date, price", "n"))
                .containsExactly(
                        "US_DAY_MARKET|2026-11-20|2710000",
                        "US|2026-11-20|2723400",
                        "US|2026-11-20|2734500",
                        "US|2026-11-21|2745600");
        assertThat(rows("book", "market, date", "n")).containsExactly("US_DAY_MARKET|2026-11-20", "US|2026-11-20");
        assertThat(rows("gap", "DISTINCT market", "market")).containsExactly("US");
    }

    @Test
    void a_gap_is_recorded_with_its_cause_and_start() throws Exception {
        deliveryMode = DeliveryMode.poll(1_000);
        var recorder = recorder();
        recorder.startRecording(List.of(SAMSUNG), List.of(TickKind.TRADES), "me");
        // For two seconds there is no free slot for the registration; then there is.
        tick(Duration.ofSeconds(2));
        recorder.deliveryChanged(Channel.TRADES, SAMSUNG, DeliveryMode.push());
        recorder.gap(Channel.TRADES, SAMSUNG, GapCause.POLLED);
        trade(recorder, SAMSUNG, 70_000, 3);
        tick(Duration.ofSeconds(5));
        recorder.gap(Channel.TRADES, SAMSUNG, GapCause.RECONNECT);
        recorder.gap(Channel.TRADES, HYNIX, GapCause.RECONNECT);
        pass(recorder, Duration.ofSeconds(10));
        // Polled again, for minutes: the gap is published now and then.
        recorder.deliveryChanged(Channel.TRADES, SAMSUNG, DeliveryMode.poll(1_000));
        pass(recorder, Duration.ofSeconds(60));
        pass(recorder, Duration.ofSeconds(10));

        assertThat(rows(
                        "gap",
                        "cause, since_ms - " + NINE.toEpochMilli() + ", ts_ms - " + NINE.toEpochMilli(),
                        "ts_ms, cause"))
                .containsExactly("STARTED|0|0", "POLLED|0|2000", "RECONNECT|2000|7000", "POLLED|7000|77000");
    }

    @ParameterizedTest
    @Requirement("P-13")
    @CsvSource({"005930, KRX", "AAPL.NASD, US"})
    void a_kill_loses_at_most_ten_seconds_records_the_gap_and_leaves_complete_files(String code, String market)
            throws Exception {
        var symbol = Markets.standard().parse(code).orElseThrow();
        var killed = recorder();
        killed.startRecording(List.of(symbol), List.of(TickKind.TRADES), "me");
        trade(killed, symbol, 70_000, 3);
        pass(killed, Duration.ofSeconds(10));
        tick(Duration.ofSeconds(4));
        trade(killed, symbol, 70_100, 4);
        tick(Duration.ofSeconds(5));
        recorders.clear(); // none of it is closed
        // A part that was being written.
        var day = folder.resolve("history/trade/market=" + market + "/date=2026-11-20");
        Files.writeString(day.resolve(".part-9.parquet.tmp"), "half");
        demands.clear();
        tick(Duration.ofSeconds(30));

        var restarted = recorder();

        assertThat(demands).containsExactly("+TRADES " + code);
        assertThat(restarted.all())
                .singleElement()
                .satisfies(it -> assertThat(it.isActive()).isTrue());
        trade(restarted, symbol, 70_200, 5);
        pass(restarted, Duration.ofSeconds(10));
        assertThat(rows("trade", "price", "n")).containsExactly("70000", "70200");
        assertThat(rows(
                        "gap",
                        "cause, since_ms - " + NINE.toEpochMilli() + ", ts_ms - " + NINE.toEpochMilli(),
                        "ts_ms"))
                .containsExactly("STARTED|0|0", "GATEWAY_AWAY|10000|49000");
        try (var files = Files.list(day)) {
            assertThat(files.map(it -> it.getFileName().toString()))
                    .hasSize(2)
                    .allMatch(it -> it.matches("part-\\d+\\.parquet"));
        }
    }

    @Test
    @Requirement("P-13")
    void a_stop_writes_pending_ticks_and_marks_the_end() throws Exception {
        var recorder = recorder();
        var first = recorder.startRecording(List.of(SAMSUNG), List.of(TickKind.TRADES), "me");
        var second = recorder.startRecording(List.of(SAMSUNG, HYNIX), List.of(TickKind.TRADES), "you");
        trade(recorder, SAMSUNG, 70_000, 3);
        recorder.stopRecording(first.id());
        trade(recorder, SAMSUNG, 70_100, 3);
        recorder.stopRecording(second.id());
        trade(recorder, SAMSUNG, 70_200, 3);
        assertThat(recorder.stopRecording(second.id())).isEmpty();
        recorders.clear();
        recorder.close();

        assertThat(demands)
                .containsExactly(
                        "+TRADES 005930",
                        "+TRADES 005930",
                        "+TRADES 000660",
                        "-TRADES 005930",
                        "-TRADES 005930",
                        "-TRADES 000660");
        assertThat(rows("trade", "price", "n")).containsExactly("70000", "70100");
        assertThat(rows("gap", "symbol, cause", "symbol, cause"))
                .containsExactly("000660|ENDED", "000660|STARTED", "005930|ENDED", "005930|STARTED");
        assertThat(recorder().all()).isEmpty();
    }

    @Test
    @Requirement("P-13")
    void a_full_disk_stops_all_recordings_with_an_alert_and_releases_their_demands() throws Exception {
        var recorder = recorder();
        recorder.startRecording(List.of(SAMSUNG), List.of(TickKind.TRADES), "me");
        trade(recorder, SAMSUNG, 70_000, 3);
        free.set(99);
        pass(recorder, Duration.ofSeconds(10));

        assertThat(alerts).singleElement().asString().contains("recording_stopped", "100 bytes");
        assertThat(demands).containsExactly("+TRADES 005930", "-TRADES 005930");
        assertThat(recorder.all())
                .singleElement()
                .satisfies(it -> assertThat(it.stopReason())
                        .hasValueSatisfying(why -> assertThat(why).contains("100 bytes")));
        trade(recorder, SAMSUNG, 70_100, 3);
        pass(recorder, Duration.ofSeconds(10));
        for (var name : List.of("active", "series", "ticks.written", "ticks.waiting", "ticks.dropped", "files")) {
            assertThat(value(recorder, "recording." + name)).as(name).isZero();
        }
        assertThat(value(recorder, "recording.stops")).isEqualTo(1);
        assertThatThrownBy(() -> recorder.startRecording(List.of(HYNIX), List.of(TickKind.TRADES), "me"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("DISK_LOW");

        free.set(1_000);
        recorder.startRecording(List.of(HYNIX), List.of(TickKind.TRADES), "me");
        assertThat(alerts).hasSize(2).last().asString().startsWith("settled recording_stopped");
        recorder.stopRecording(recorder.all().getLast().id());
        demands.clear();

        // It stays so over a restart, until it is started again.
        assertThat(recorder().all())
                .singleElement()
                .satisfies(it -> assertThat(it.isActive()).isFalse());
        assertThat(demands).isEmpty();
    }

    @Test
    @Requirement("P-13")
    void a_brief_write_failure_is_retried_and_after_a_minute_recordings_stop() throws Exception {
        var recorder = recorder();
        recorder.startRecording(List.of(SAMSUNG), List.of(TickKind.TRADES), "me");
        Files.createDirectories(folder.resolve("history"));
        var obstacle = folder.resolve("history/gap");
        Files.writeString(obstacle, "in the way");
        trade(recorder, SAMSUNG, 70_000, 3);
        pass(recorder, Duration.ofSeconds(10));
        assertThat(value(recorder, "recording.active")).isEqualTo(1);
        assertThat(value(recorder, "recording.ticks.written")).isZero();
        Files.delete(obstacle);
        pass(recorder, Duration.ofSeconds(10));
        assertThat(value(recorder, "recording.ticks.written")).isPositive();

        Files.move(folder.resolve("history/gap"), folder.resolve("away"));
        Files.writeString(obstacle, "blocked again");
        for (int i = 0; i < TickRecorder.ATTEMPTS_MAX; i++) {
            assertThat(value(recorder, "recording.active")).isEqualTo(1);
            recorder.gap(Channel.TRADES, SAMSUNG, GapCause.SILENCE);
            trade(recorder, SAMSUNG, 70_000 + 100 * i, 3 + 3 * i);
            pass(recorder, Duration.ofSeconds(10));
        }

        assertThat(alerts).singleElement().asString().contains("recording_stopped");
        assertThat(value(recorder, "recording.active")).isZero();
    }

    private static long value(TickRecorder recorder, String name) {
        return BoundMeters.of(recorder::bindTo).value(name);
    }

    @Test
    @Requirement("P-13")
    void memory_is_bounded_and_ticks_without_room_become_a_gap() throws Exception {
        var recorder = recorder(10);
        recorder.startRecording(List.of(SAMSUNG), List.of(TickKind.TRADES), "me");
        for (int i = 0; i < 50; i++) {
            tick(Duration.ofMillis(10));
            trade(recorder, SAMSUNG, 70_000 + i, 1);
        }
        assertThat(value(recorder, "recording.ticks.waiting")).isEqualTo(10);
        assertThat(value(recorder, "recording.ticks.dropped")).isEqualTo(41);
        pass(recorder, Duration.ofSeconds(10));
        trade(recorder, SAMSUNG, 80_000, 1);
        pass(recorder, Duration.ofSeconds(10));

        assertThat(rows("trade", "price", "n")).hasSize(10).endsWith("70008", "80000");
        assertThat(rows(
                        "gap",
                        "cause, since_ms - " + NINE.toEpochMilli() + ", ts_ms - " + NINE.toEpochMilli(),
                        "ts_ms"))
                .containsExactly("STARTED|0|0", "OVERFLOW|90|10500");
    }

    @Test
    @Requirement("P-13")
    void an_unreadable_list_of_recordings_is_set_aside_and_blocks_no_start() throws Exception {
        Files.writeString(folder.resolve("recordings.json"), "{half");

        assertThat(recorder().all()).isEmpty();

        assertThat(alerts).singleElement().asString().contains("recordings_unreadable");
        assertThat(folder.resolve("recordings.json.damaged")).hasContent("{half");
    }

    @Test
    @Requirement("P-13")
    void the_parts_of_a_day_become_one_file_two_days_later_and_old_days_are_deleted() throws Exception {
        var recorder = recorder();
        recorder.startRecording(List.of(HYNIX, SAMSUNG, APPLE), List.of(TickKind.TRADES), "me");
        for (int i = 0; i < 3; i++) {
            trade(recorder, SAMSUNG, 70_000 + i, 1);
            trade(recorder, HYNIX, 150_000 + i, 1);
            trade(recorder, APPLE, 2_500_000 + i, 1);
            pass(recorder, Duration.ofSeconds(10));
        }
        var before = rows("trade", "symbol, ts_ms, n, price", "market, symbol, n");
        var day = LocalDate.parse("2026-11-20");
        try (var store = store()) {
            assertThat(store.compact(day.plusDays(1))).isZero();
            assertThat(store.compact(day.plusDays(2))).isEqualTo(2);
            assertThat(store.compact(day.plusDays(2))).isZero();

            assertThat(parts("trade", "KRX")).containsExactly("part-0.parquet");
            assertThat(parts("trade", "US")).containsExactly("part-0.parquet");
            assertThat(rows("trade", "symbol, ts_ms, n, price", "market, file_row_number"))
                    .isEqualTo(before);

            assertThat(store.deleteBefore(day)).isZero();
            assertThat(store.deleteBefore(day.plusDays(1))).isEqualTo(4);
            assertThat(folder.resolve("history/trade/market=KRX/date=2026-11-20"))
                    .doesNotExist();
        }
    }

    @Test
    @Requirement("P-13")
    void a_day_that_an_earlier_release_began_is_continued_and_merged() throws Exception {
        EarlierFolder.copyTo(folder.resolve("history"));
        tick(Duration.ofHours(1));
        var recorder = recorder();
        recorder.startRecording(List.of(SAMSUNG), List.of(TickKind.TRADES), "me");
        trade(recorder, SAMSUNG, 71_300, 5);
        pass(recorder, Duration.ofSeconds(10));
        try (var store = store()) {
            assertThat(store.compact(LocalDate.parse("2026-11-22"))).isEqualTo(2);
        }
        assertThat(parts("trade", "KRX")).containsExactly("part-0.parquet");
        assertThat(rows("trade", "price, qty, side", "n")).containsExactly("71100|3|B", "71200|4|S", "71300|5|B");
        assertThat(rows("gap", "cause", "cause")).containsExactly("STARTED", "STARTED");
    }

    /** The second name is that of an earlier release. */
    @ParameterizedTest
    @Requirement("P-13")
    @CsvSource({"005930, KRX, trade-KRX", "005930, KRX, trade", "AAPL.NASD, US, trade-US"})
    void a_kill_during_the_merge_of_a_day_loses_nothing_and_duplicates_nothing(
            String code, String market, String workName) throws Exception {
        var symbol = Markets.standard().parse(code).orElseThrow();
        var recorder = recorder();
        recorder.startRecording(List.of(symbol), List.of(TickKind.TRADES), "me");
        trade(recorder, symbol, 70_000, 1);
        pass(recorder, Duration.ofSeconds(10));
        var place = folder.resolve("history/trade/market=" + market + "/date=2026-11-20");
        var work = folder.resolve("work/ticks");
        // Between the two renames: the day's folder is missing, its old files and the new one exist.
        Files.createDirectories(work.resolve(workName + "-2026-11-20"));
        Files.writeString(work.resolve(workName + "-2026-11-20/part-0.parquet"), "new");
        Files.move(place, work.resolve(workName + "-2026-11-20.old"));

        store().close();
        assertThat(rows("trade", "price", "n")).containsExactly("70000");
        assertThat(work).isEmptyDirectory();

        // After both: the old files are obsolete.
        Files.createDirectories(work.resolve(workName + "-2026-11-20.old"));
        Files.writeString(work.resolve(workName + "-2026-11-20.old/part-5.parquet"), "old");
        store().close();
        assertThat(rows("trade", "price", "n")).containsExactly("70000");
        assertThat(work).isEmptyDirectory();
    }

    private List<String> parts(String table, String market) throws IOException {
        try (var files = Files.list(folder.resolve("history/" + table + "/market=" + market + "/date=2026-11-20"))) {
            return files.map(it -> it.getFileName().toString()).sorted().toList();
        }
    }

    private TickStore store() {
        var store = TickStore.open(
                folder.resolve("history"),
                folder.resolve("work/ticks"),
                folder.resolve("work/spill"),
                Markets.standard().calendars(new KrxCalendar()));
        store.recover();
        return store;
    }

    private TickRecorder recorder() {
        return recorder(TickRecorder.WAITING_MAX);
    }

    private TickRecorder recorder(int waitingMax) {
        var supply = new MarketDataSupply() {
            @Override
            public DeliveryMode acquire(Channel channel, MarketSymbol symbol, Optional<String> key) {
                demands.add("+" + channel + " " + symbol);
                return deliveryMode;
            }

            @Override
            public void release(Channel channel, MarketSymbol symbol, Optional<String> key) {
                demands.add("-" + channel + " " + symbol);
            }
        };
        var recorder = new TickRecorder(
                store(),
                new RecordingStore(folder.resolve("recordings.json"), Markets.standard()),
                new TickRecorder.Environment(
                        supply,
                        () -> free.get() < 100
                                ? Optional.of(Refusal.of(ErrorCode.DISK_LOW, "The disk has less than 100 bytes free."))
                                : Optional.empty(),
                        new AlertSource(log, AlertEvent.RECORDINGS_UNREADABLE, now::get),
                        new AlertSource(log, AlertEvent.RECORDING_STOPPED, now::get),
                        () -> "rec-" + ids.incrementAndGet()),
                now::get,
                waitingMax);
        recorder.resume();
        recorders.add(recorder);
        return recorder;
    }

    private void tick(Duration time) {
        now.updateAndGet(at -> at.plus(time));
    }

    private void pass(TickRecorder recorder, Duration time) {
        tick(time);
        recorder.writeIfDue();
    }

    private void trade(TickRecorder recorder, MarketSymbol symbol, long price, long qty) {
        trade(recorder, symbol, PushFeed.DOMESTIC, price, qty);
    }

    private void trade(TickRecorder recorder, MarketSymbol symbol, PushFeed feed, long price, long qty) {
        var trade = new Trade(
                symbol, 20261120, 90_000, price, qty, 0, price, price, price, price, price - 100, 100, 1_000, 'B');
        recorder.trade(new LastTick(trade, Optional.of(feed), now.get().toEpochMilli(), 0, 0));
    }

    private void polledBook(TickRecorder recorder, MarketSymbol symbol) {
        recorder.book(new LastBook(
                OrderBook.of(symbol, 0, List.of(), List.of(), 0, 0),
                Optional.empty(),
                now.get().toEpochMilli()));
    }

    private void book(TickRecorder recorder, MarketSymbol symbol) {
        var levels = new long[40];
        for (int i = 0; i < 40; i++) {
            levels[i] = i < 30 ? i + 1 : 100 + i;
        }
        recorder.book(new LastBook(
                new OrderBook(symbol, 90_000, levels, 7, 8),
                Optional.of(PushFeed.DOMESTIC),
                now.get().toEpochMilli()));
    }

    private List<String> rows(String table, String columns, String order) throws Exception {
        var rows = new ArrayList<String>();
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                var statement = duckdb.createStatement();
                var row = statement.executeQuery("SELECT " + columns + " FROM read_parquet('"
                        + folder.resolve("history/" + table)
                        + "/**/*.parquet', hive_partitioning = true, file_row_number = true) ORDER BY " + order)) {
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
