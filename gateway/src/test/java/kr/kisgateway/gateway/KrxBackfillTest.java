package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The exchange's daily lists as a second source: a server on this machine returns the exchange's real lists of two days. */
@Requirement("P-06")
@Tag("slow")
class KrxBackfillTest {
    private static final String KEY = "PLANTEDKRXKEY0123456789";
    private static final String TWO_DAYS = "\"period\":\"D\",\"from\":\"2024-01-04\",\"to\":\"2024-01-05\"";

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Exchange exchange = new Exchange();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        exchange.server.stop(0);
    }

    @Test
    void one_call_stores_a_days_full_list_and_a_second_backfill_makes_none() throws Exception {
        try (var gateway = start("a", Map.of())) {
            var job = awaitDone(gateway, "{\"symbols\":[\"000660\",\"086520\"],\"source\":\"krx\"," + TWO_DAYS + "}");

            assertThat(job.get("done").intValue()).as(job.toString()).isEqualTo(4);
            assertThat(job.get("notes")).as(job.toString()).isEmpty();
            assertThat(exchange.requests)
                    .containsExactlyInAnyOrder(
                            "stk_bydd_trd_20240104",
                            "stk_bydd_trd_20240105",
                            "ksq_bydd_trd_20240104",
                            "ksq_bydd_trd_20240105");

            // Symbols that the request does not name are stored as well, and a stock without a trade is covered without
            // a bar.
            var stored = rows(gateway, "SELECT count(DISTINCT symbol), any_value(source), bool_or(adjusted), min(low)");
            assertThat(stored.getFirst())
                    .endsWith("|krx|false|" + stored.getFirst().replaceAll(".*\\|", ""));
            assertThat(Integer.parseInt(stored.getFirst().split("\\|")[0])).isGreaterThan(200);
            assertThat(Long.parseLong(stored.getFirst().split("\\|")[3])).isPositive();
            assertThat(rows(gateway, "SELECT close, volume", "symbol = '005930' AND date = '2024-01-05'"))
                    .containsExactly("76600|11304316");
            assertThat(rows(gateway, "SELECT close", "symbol = '003560' AND date = '2024-01-05'"))
                    .isEmpty();
            // The gateway answers from the lists: the simulator would give other prices.
            var bars = json(gateway, "/v1/bars/005930?period=D&adjusted=false&from=2024-01-05&to=2024-01-05");
            assertThat(bars.get("bars").get(0).get("close").longValue()).isEqualTo(76_600);
            // It did not trade on the second day: covered, and without a bar.
            assertThat(coverage(gateway, "003560")).containsExactly("2024-01-04|2024-01-05");

            awaitDone(gateway, "{\"symbols\":[\"005930\"],\"source\":\"krx\"," + TWO_DAYS + "}");
            assertThat(exchange.requests).hasSize(4);
        }
    }

    @Test
    void figures_of_kis_take_precedence_and_the_job_names_the_difference() throws Exception {
        try (var gateway = start("a", Map.of())) {
            awaitDone(gateway, "{\"symbols\":[\"005930\"],\"adjusted\":false," + TWO_DAYS + "}");
            var before = rows(gateway, "SELECT date, close", "symbol = '005930'");

            var job = awaitDone(gateway, "{\"symbols\":[\"005930\"],\"source\":\"krx\"," + TWO_DAYS + "}");

            assertThat(rows(gateway, "SELECT date, close", "symbol = '005930'")).isEqualTo(before);
            assertThat(rows(gateway, "SELECT DISTINCT source", "symbol = '005930'"))
                    .containsExactly("kis");
            assertThat(rows(gateway, "SELECT DISTINCT source", "symbol = '000660'"))
                    .containsExactly("krx");
            assertThat(job.get("notes")).hasSize(2);
            assertThat(job.get("notes").get(0).get("unit").stringValue()).isEqualTo("2024-01-05/KOSPI");
            assertThat(job.get("notes").get(0).get("text").stringValue())
                    .contains(
                            "differ in 1 bar: 005930 on 2024-01-05 (krx 76700 77100 76400 76600",
                            "kis's figures are used");
        }
    }

    @Test
    void a_trading_day_without_a_list_is_named_and_requested_again_and_a_holiday_is_not() throws Exception {
        try (var gateway = start("a", Map.of())) {
            var days = "{\"symbols\":[\"005930\"],\"source\":\"krx\",\"period\":\"D\",\"from\":\"2023-12-25\","
                    + "\"to\":\"2024-01-05\"}";
            var job = awaitDone(gateway, days);

            // Before 2024 no calendar has the holidays: those weekdays are requested, and an empty answer counts as a
            // holiday.
            assertThat(exchange.requests).hasSize(5 + 4);
            assertThat(job.get("notes").toString())
                    .contains("2024-01-02/KOSPI", "2024-01-03/KOSPI", "empty on a trading day")
                    .doesNotContain("2023-");
            assertThat(coverage(gateway, "005930")).containsExactly("2024-01-04|2024-01-05");

            awaitDone(gateway, days);
            assertThat(exchange.requests.subList(9, exchange.requests.size()))
                    .containsExactlyInAnyOrder("stk_bydd_trd_20240102", "stk_bydd_trd_20240103");
        }
    }

    @Test
    void without_a_key_no_job_starts_and_the_answer_explains_the_next_step() throws Exception {
        try (var gateway = start("a", Map.of("KRX_AUTH_KEY", ""))) {
            var answer = post(gateway, "{\"symbols\":\"all\",\"source\":\"krx\"," + TWO_DAYS + "}");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("CREDENTIALS_MISSING", "KRX_AUTH_KEY", "openapi.krx.co.kr");
            for (var wrong : List.of(
                    "{\"symbols\":\"all\",\"source\":\"krx\",\"period\":\"1m\"}",
                    "{\"symbols\":\"all\",\"source\":\"krx\",\"adjusted\":true," + TWO_DAYS + "}")) {
                assertThat(post(gateway, wrong).body()).contains("INVALID_FIELD");
            }
        }
        try (var gateway = start("b", Map.of())) {
            assertThat(post(
                                    gateway,
                                    "{\"symbols\":\"all\",\"source\":\"krx\",\"period\":\"D\",\"from\":\"2009-12-01\"}")
                            .body())
                    .contains("UNSUPPORTED_BY_SOURCE", "2010-01-04");
        }
    }

    @Test
    void a_refused_key_fails_the_units_without_a_call_for_each() throws Exception {
        try (var gateway = start("a", Map.of("KRX_AUTH_KEY", "PLANTEDWRONGKEY"))) {
            var answer = post(
                    gateway,
                    "{\"symbols\":[\"005930\"],\"source\":\"krx\",\"period\":\"D\",\"from\":\"2023-01-02\",\"to\":\"2023-12-29\"}");
            var job = until(gateway, mapper.readTree(answer.body()), it -> !running(it));

            assertThat(job.get("failed").intValue())
                    .isEqualTo(job.get("total").intValue())
                    .isGreaterThan(240);
            assertThat(job.get("failures").get(0).get("code").stringValue()).isEqualTo("CREDENTIALS_REFUSED");
            assertThat(job.toString()).contains("KRX_AUTH_KEY").doesNotContain("PLANTED");
            assertThat(exchange.requests).hasSizeLessThan(20);
        }
    }

    @Test
    @Requirement("P-13")
    void the_daily_call_limit_survives_a_restart_and_the_job_produces_the_files_of_an_uninterrupted_one()
            throws Exception {
        var request = "{\"symbols\":[\"005930\",\"086520\",\"278990\",\"069500\"],\"source\":\"krx\"," + TWO_DAYS + "}";
        String id;
        try (var gateway = start("stormy", Map.of("KRX_CALLS_PER_DAY", "3"))) {
            var started = mapper.readTree(post(gateway, request).body());
            id = started.get("id").stringValue();
            assertThat(started.get("total").intValue()).isEqualTo(8);
            until(gateway, started, job -> job.get("done").intValue() == 3);
        }
        try (var gateway = start("stormy", Map.of("KRX_CALLS_PER_DAY", "3"))) {
            // The quota of the day is used up, whichever program used it; the job waits and is shown as running.
            assertThat(new CountDownLatch(1).await(2_500, TimeUnit.MILLISECONDS))
                    .isFalse();
            var job = json(gateway, "/v1/jobs/" + id);
            assertThat(running(job)).isTrue();
            assertThat(job.get("done").intValue()).isEqualTo(3);
            assertThat(exchange.requests).hasSize(3);
        }
        try (var gateway = start("stormy", Map.of())) {
            until(gateway, json(gateway, "/v1/jobs/" + id), job -> !running(job));
            assertThat(exchange.requests).hasSize(8).doesNotHaveDuplicates();
        }
        try (var gateway = start("calm", Map.of())) {
            awaitDone(gateway, request);
        }
        assertThat(files("stormy")).isEqualTo(files("calm")).isNotEmpty();
    }

    private Gateway start(String name, Map<String, String> more) {
        var environment = new HashMap<>(
                Map.of("KRX_AUTH_KEY", KEY, "KRX_API_BASE_URL", exchange.url(), "GATEWAY_DATA_DIR", name));
        environment.putAll(more);
        var loaded = SettingsLoader.load(
                List.of(
                        "--port=0",
                        "--simulator-port=0",
                        "--simulator-clock=open-fixed",
                        "--simulator-seed=7",
                        "--simulator-rate-limit=2000"),
                environment,
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        assertThat(loaded).isInstanceOf(SettingsResult.Loaded.class);
        assertThat(loaded.toString()).doesNotContain("PLANTED");
        return Gateway.start(((SettingsResult.Loaded) loaded).settings());
    }

    private JsonNode awaitDone(Gateway gateway, String request) throws Exception {
        var answer = post(gateway, request);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        var job = until(gateway, mapper.readTree(answer.body()), it -> !running(it));
        assertThat(job.get("state").stringValue()).as(job.toString()).isEqualTo("DONE");
        assertThat(job.get("failed").intValue()).as(job.toString()).isZero();
        return job;
    }

    private JsonNode until(Gateway gateway, JsonNode job, Predicate<JsonNode> condition) throws Exception {
        var never = new CountDownLatch(1);
        var now = job;
        for (int i = 0; i < 3_000 && !condition.test(now); i++) {
            assertThat(never.await(10, TimeUnit.MILLISECONDS)).isFalse();
            now = json(gateway, "/v1/jobs/" + job.get("id").stringValue());
        }
        assertThat(condition.test(now)).as(now.toString()).isTrue();
        return now;
    }

    private static boolean running(JsonNode job) {
        return job.get("state").stringValue().equals("RUNNING");
    }

    private JsonNode json(Gateway gateway, String path) throws Exception {
        var answer = client.send(
                HttpRequest.newBuilder(gateway.baseUri().resolve(path))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return mapper.readTree(answer.body());
    }

    private HttpResponse<String> post(Gateway gateway, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(gateway.baseUri().resolve("/v1/history/backfill"))
                        .timeout(Duration.ofSeconds(30))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static List<String> rows(Gateway gateway, String select) throws Exception {
        return rows(gateway, select, "true");
    }

    private static List<String> rows(Gateway gateway, String select, String where) throws Exception {
        return query(select + " FROM read_parquet('" + gateway.dataDir().resolve("history")
                + "/daily/**/*.parquet') WHERE " + where + " ORDER BY ALL");
    }

    private static List<String> coverage(Gateway gateway, String symbol) throws Exception {
        return query("SELECT first_day, last_day FROM read_parquet('"
                + gateway.dataDir().resolve("history/coverage.parquet") + "') WHERE symbol = '" + symbol
                + "' AND \"table\" = 'DAILY' ORDER BY ALL");
    }

    private static List<String> query(String sql) throws Exception {
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

    private Map<String, Integer> files(String name) throws IOException {
        var root = folder.resolve(name).resolve("sim/history");
        var all = new TreeMap<String, Integer>();
        try (var files = Files.walk(root)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                all.put(root.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return all;
    }

    /** The real answers of two days; an empty list for every other day; 401 without the right key. */
    private static final class Exchange {
        private static final Path SAMPLES = Path.of("..", "kis-client", "src", "test", "resources", "krx");

        final List<String> requests = new CopyOnWriteArrayList<>();
        final HttpServer server;

        Exchange() {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            server.createContext("/", call -> {
                var path = call.getRequestURI().getPath();
                var name = path.substring(path.lastIndexOf('/') + 1) + "_"
                        + call.getRequestURI().getQuery().substring("basDd=".length());
                requests.add(name);
                var file = SAMPLES.resolve(name + ".json");
                boolean authorized = KEY.equals(call.getRequestHeaders().getFirst("AUTH_KEY"));
                byte[] body = !authorized
                        ? "{\"respMsg\":\"Unauthorized Key\",\"respCode\":\"401\"}".getBytes(StandardCharsets.UTF_8)
                        : Files.exists(file)
                                ? Files.readAllBytes(file)
                                : "{\"OutBlock_1\":[]}".getBytes(StandardCharsets.UTF_8);
                call.sendResponseHeaders(authorized ? 200 : 401, body.length);
                call.getResponseBody().write(body);
                call.close();
            });
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/svc/apis/";
        }
    }
}
