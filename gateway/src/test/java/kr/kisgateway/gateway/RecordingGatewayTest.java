package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.gateway.history.ManyFiles;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Recordings and long history queries of a whole gateway with its simulator, beside a client of the stream. */
@Tag("slow")
class RecordingGatewayTest {
    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    @ParameterizedTest
    @Requirement("P-13")
    @CsvSource({"000660, KRX, 1", "NVDA.NASD, US, 10000"})
    void a_recording_equals_what_a_stream_client_receives_even_across_a_restart(
            String symbol, String market, long unitsPerCurrency) throws Exception {
        String id;
        Listener liveListener;
        try (var gateway = start(List.of())) {
            var contract =
                    new Contract(mapper.readTree(get(gateway, "/openapi.json").body()));
            var started = send(
                    gateway,
                    "POST",
                    "/v1/history/recordings",
                    "{\"symbols\":[\"" + symbol + "\"],\"channels\":[\"trades\",\"books\"]}");
            contract.check("POST", "/v1/history/recordings", started);
            assertThat(started.statusCode()).as(started.body()).isEqualTo(201);
            id = mapper.readTree(started.body()).get("id").stringValue();
            // Only the recording has it registered.
            var why = awaitMode(gateway, symbol, "PUSH");
            assertThat(why).contains(symbol);
            liveListener = listen(gateway, symbol, unitsPerCurrency);
            awaitTrades(liveListener, 20);
            var list = get(gateway, "/v1/history/recordings");
            contract.check("GET", "/v1/history/recordings", list);
            assertThat(list.body()).contains(id, "\"RECORDING\"");
            var metrics = get(gateway, "/v1/metrics/history");
            contract.check("GET", "/v1/metrics/history", metrics);
            assertThat(mapper.readTree(metrics.body()).get("recorded_series").intValue())
                    .isEqualTo(2);
            for (var wrong : List.of(
                    "{}",
                    "{\"symbols\":[]}",
                    "{\"symbols\":[\"ZZZZZZ\"]}",
                    "{\"symbols\":[\"5930\"]}",
                    "{\"symbols\":[\"005930\"],\"channels\":[\"quotes\"]}",
                    "{\"symbols\":[\"005930\"],\"channels\":[]}",
                    "{\"symbols\":[\"005930\"],\"days\":3}")) {
                var refused = send(gateway, "POST", "/v1/history/recordings", wrong);
                contract.check("POST", "/v1/history/recordings", refused);
                assertThat(refused.statusCode()).as(wrong).isIn(400, 404);
            }
            assertThat(send(gateway, "DELETE", "/v1/history/recordings/rec-0", "")
                            .body())
                    .contains("RECORDING_NOT_FOUND");
        }
        // The stop wrote everything: each trade that the client received is there, in order.
        var written = query("trade", "volume, price, qty, ts_ms", "n");
        assertThat(written).containsAll(liveListener.trades.values());
        assertThat(written.stream().map(row -> Long.parseLong(row.split("\\|")[0])))
                .isSortedAccordingTo(Comparator.naturalOrder());
        assertThat(query("trade", "DISTINCT market, symbol", "1")).containsExactly(market + "|" + symbol);
        assertThat(query("book", "count(*) > 0, bool_or(pushed)", "1")).containsExactly("true|true");
        assertThat(query("gap", "DISTINCT cause", "cause")).contains("STARTED").doesNotContain("OVERFLOW");

        try (var gateway = start(List.of())) {
            awaitMode(gateway, symbol, "PUSH");
            awaitTrades(listen(gateway, symbol, unitsPerCurrency), 5);
            var ended = send(gateway, "DELETE", "/v1/history/recordings/" + id, "");
            assertThat(ended.statusCode()).as(ended.body()).isEqualTo(200);
            assertThat(get(gateway, "/v1/history/recordings").body()).isEqualTo("{\"recordings\":[]}");
        }
        assertThat(query("trade", "volume, price, qty, ts_ms", "n").size()).isGreaterThanOrEqualTo(written.size() + 5);
        assertThat(query("gap", "DISTINCT cause", "cause")).contains("STARTED", "GATEWAY_AWAY", "ENDED");
    }

    @Test
    @Requirement("P-13")
    void a_long_history_query_does_not_affect_other_streams() throws Exception {
        try (var gateway = start(List.of("--kis-ws-symbols=005930,000660,035420"))) {
            var job = send(
                    gateway,
                    "POST",
                    "/v1/history/backfill",
                    "{\"symbols\":[\"005930\"],\"period\":\"D\",\"adjusted\":false,\"from\":\"2025-01-02\",\"to\":\"2025-12-30\"}");
            awaitEnd(gateway, mapper.readTree(job.body()).get("id").stringValue());
            ManyFiles.beside(folder.resolve("data/sim/history/daily/market=KRX"), 20_000);
            var liveListener = listen(gateway, "000660", 1);
            awaitTrades(liveListener, 5);
            liveListener.latencies.clear();

            // Both readers are busy, on a slow machine for as long as a read may take; then the bars are requested from
            // KIS.
            var started = System.nanoTime();
            var queries = List.of("005930", "005930").stream()
                    .map(code -> client.sendAsync(
                            request(gateway, "/v1/bars/" + code + "?period=D&adjusted=false&limit=100&to=2025-12-30")
                                    .build(),
                            BodyHandlers.ofString()))
                    .toList();
            for (var answer : queries) {
                var bars = answer.get(30, TimeUnit.SECONDS);
                assertThat(bars.statusCode()).as(bars.body()).isEqualTo(200);
                assertThat(mapper.readTree(bars.body()).get("bars")).hasSize(100);
            }
            var elapsed = Duration.ofNanos(System.nanoTime() - started);

            assertThat(elapsed).as("both readers were busy").isGreaterThan(Duration.ofSeconds(1));
            var sorted = liveListener.latencies.stream().sorted().toList();
            assertThat(sorted.size()).as("messages in %s", elapsed).isGreaterThan(10);
            assertThat(sorted.get(sorted.size() * 99 / 100))
                    .as("p99 of %s", sorted)
                    .isLessThan(250L);
        }
    }

    @Test
    @Requirement("P-13")
    void files_beyond_the_configured_age_are_deleted_at_the_start() throws Exception {
        // Files without a journal beside them would be refused.
        start(List.of()).close();
        var history = folder.resolve("data/sim/history");
        for (var market : List.of("KRX", "US")) {
            for (var table : List.of("trade", "gap", "minute")) {
                var day = Files.createDirectories(history.resolve(table + "/market=" + market + "/date=2020-01-02"));
                Files.writeString(day.resolve("part-1.parquet"), "old");
            }
        }
        try (var gateway = start(List.of("--keep-ticks=off"))) {
            assertThat(deleted(gateway, 0)).isZero();
        }
        try (var gateway = start(List.of())) {
            // By default ticks are kept for thirty days, minutes forever.
            assertThat(deleted(gateway, 4)).isEqualTo(4);
            assertThat(history.resolve("trade/market=KRX")).isEmptyDirectory();
            assertThat(history.resolve("trade/market=US")).isEmptyDirectory();
            assertThat(history.resolve("minute/market=KRX/date=2020-01-02")).exists();
        }
        try (var gateway = start(List.of("--keep-minutes=3d"))) {
            assertThat(deleted(gateway, 2)).isEqualTo(2);
            assertThat(history.resolve("minute/market=KRX")).isEmptyDirectory();
            assertThat(history.resolve("minute/market=US")).isEmptyDirectory();
            var today = LocalDate.now(TradingCalendar.SEOUL);
            var refused = send(
                    gateway,
                    "POST",
                    "/v1/history/backfill",
                    "{\"symbols\":[\"005930\"],\"period\":\"1m\",\"from\":\"" + today.minusDays(9) + "\"}");
            assertThat(refused.body())
                    .contains(
                            "INVALID_FIELD",
                            "GATEWAY_KEEP_MINUTES",
                            today.minusDays(3).toString());
        }
    }

    /** The number of deleted days, once there are so many. */
    private long deleted(Gateway gateway, long expected) throws Exception {
        var never = new CountDownLatch(1);
        long deleted = 0;
        for (int i = 0; i < 500 && (deleted < expected || i < 10); i++) {
            deleted = mapper.readTree(get(gateway, "/v1/metrics/history").body())
                    .get("days_deleted")
                    .longValue();
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
        return deleted;
    }

    /** The messages of one symbol that a client of the stream receives. */
    private final class Listener implements WebSocket.Listener {
        private final BigDecimal unitsPerCurrency;
        /** By the day's volume, which grows with each trade. */
        final Map<Long, String> trades = new ConcurrentSkipListMap<>();

        final List<Long> latencies = new CopyOnWriteArrayList<>();
        private final StringBuilder text = new StringBuilder();

        private Listener(long unitsPerCurrency) {
            this.unitsPerCurrency = BigDecimal.valueOf(unitsPerCurrency);
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                var frame = mapper.readTree(text.toString());
                text.setLength(0);
                if (frame.isArray()) {
                    frame.forEach(this::receive);
                } else {
                    receive(frame);
                }
            }
            socket.request(1);
            return java.util.concurrent.CompletableFuture.completedStage(null);
        }

        private void receive(JsonNode message) {
            if (!message.path("ch").asString("").equals("trades") || message.has("gap") || message.has("snapshot")) {
                return;
            }
            latencies.add(System.currentTimeMillis() - message.get("ts_ms").longValue());
            trades.put(
                    message.get("v").longValue(),
                    message.get("v") + "|"
                            + message.get("p")
                                    .decimalValue()
                                    .multiply(unitsPerCurrency)
                                    .longValueExact()
                            + "|" + message.get("q") + "|" + message.get("ts_ms"));
        }
    }

    private Listener listen(Gateway gateway, String symbol, long unitsPerCurrency) throws Exception {
        var listener = new Listener(unitsPerCurrency);
        var socket = client.newWebSocketBuilder()
                .subprotocols("kis-gateway.v1")
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/v1/stream"), listener)
                .get(10, TimeUnit.SECONDS);
        socket.sendText("{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\"" + symbol + "\"]}", true)
                .get(10, TimeUnit.SECONDS);
        return listener;
    }

    private static void awaitTrades(Listener listener, int count) throws InterruptedException {
        var never = new CountDownLatch(1);
        for (int i = 0; i < 3_000 && listener.trades.size() < count; i++) {
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(listener.trades.size()).isGreaterThanOrEqualTo(count);
    }

    /** The pool's entry of the symbol once it meets the condition. */
    private String awaitMode(Gateway gateway, String symbol, String mode) throws Exception {
        var never = new CountDownLatch(1);
        String poolState = "";
        for (int i = 0; i < 1_500; i++) {
            for (var demand : mapper.readTree(
                            poolState = get(gateway, "/v1/session/pool").body())
                    .get("demand")) {
                if (demand.get("symbol").stringValue().equals(symbol)
                        && demand.get("mode").stringValue().equalsIgnoreCase(mode)) {
                    return demand.toString();
                }
            }
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
        throw new AssertionError(poolState);
    }

    private void awaitEnd(Gateway gateway, String id) throws Exception {
        var never = new CountDownLatch(1);
        for (int i = 0; i < 3_000; i++) {
            if (!get(gateway, "/v1/jobs/" + id).body().contains("\"RUNNING\"")) {
                return;
            }
            assertThat(never.await(10, TimeUnit.MILLISECONDS)).isFalse();
        }
        throw new AssertionError(id);
    }

    private Gateway start(List<String> more) {
        var args = new ArrayList<>(List.of(
                "--port=0",
                "--simulator-port=0",
                "--simulator-clock=open-fixed",
                "--simulator-seed=7",
                "--simulator-rate-limit=2000"));
        args.addAll(more);
        var loaded = SettingsLoader.load(
                args, Map.of(), folder, folder.resolve("home"), KisDefaults.on(LocalDate.of(2026, 11, 20)));
        return Gateway.start(((SettingsResult.Loaded) loaded).settings());
    }

    private HttpResponse<String> get(Gateway gateway, String path) throws Exception {
        return client.send(request(gateway, path).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> send(Gateway gateway, String method, String path, String body) throws Exception {
        return client.send(
                request(gateway, path)
                        .header("Content-Type", "application/json")
                        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(Gateway gateway, String path) {
        return HttpRequest.newBuilder(gateway.baseUri().resolve(path)).timeout(Duration.ofSeconds(30));
    }

    private List<String> query(String table, String columns, String order) throws Exception {
        var rows = new ArrayList<String>();
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                var statement = duckdb.createStatement();
                var row = statement.executeQuery(
                        "SELECT " + columns + " FROM read_parquet('" + folder.resolve("data/sim/history/" + table)
                                + "/**/*.parquet', hive_partitioning = true) ORDER BY " + order)) {
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
