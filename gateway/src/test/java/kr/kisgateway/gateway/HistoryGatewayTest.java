package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Bars and history of the whole server with its simulator, tested from outside. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class HistoryGatewayTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private Gateway gateway;
    private Contract contract;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        var loaded = SettingsLoader.load(
                List.of(
                        "--port=0",
                        "--simulator-port=0",
                        "--simulator-clock=open-fixed",
                        "--simulator-seed=7",
                        "--simulator-rate-limit=2000"),
                Map.of(),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        gateway = Gateway.start(((SettingsResult.Loaded) loaded).settings());
        contract = new Contract(mapper.readTree(get("/openapi.json").body()));
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void without_a_seed_a_folder_keeps_its_market_over_a_restart_and_another_folder_has_another(
            @TempDir Path one, @TempDir Path other) {
        String days = "/v1/bars/005930?period=D&to=2026-11-18&limit=5";
        String first = barsOf(one, days);
        assertThat(barsOf(one, days)).isEqualTo(first);
        assertThat(barsOf(other, days)).isNotEqualTo(first);
    }

    private static String barsOf(Path folder, String path) {
        try (var gateway = GatewayFixture.start(folder, Optional.empty(), Duration.ZERO, Map.of(), List.of())) {
            return gateway.json(path).path("bars").toString();
        }
    }

    @Test
    @Requirement("P-04")
    void twenty_years_of_days_arrive_in_pages_newest_first_without_repeats() throws Exception {
        var days = allPages("/v1/bars/005930?period=D&limit=1000&from=2004-01-01");

        assertThat(days.size()).isGreaterThan(4_800);
        assertThat(days)
                .isSortedAccordingTo((one, other) ->
                        Long.compare(other.get("ts").longValue(), one.get("ts").longValue()));
        assertThat(days.stream().map(bar -> bar.get("date").stringValue()).distinct())
                .hasSameSizeAs(days);

        // KIS's own months equal the months of those days.
        var months = allPages("/v1/bars/005930?period=M&from=2024-01-01&to=2024-12-31");
        assertThat(months).hasSize(12);
        for (var month : months) {
            var inside = days.stream()
                    .filter(day -> day.get("date")
                            .stringValue()
                            .startsWith(month.get("date").stringValue().substring(0, 7)))
                    .toList();
            assertThat(sum(inside, "volume")).isEqualTo(month.get("volume").longValue());
            assertThat(inside.getFirst().get("close")).isEqualTo(month.get("close"));
        }
        var year = allPages("/v1/bars/005930?period=Y&from=2024-05-05&to=2024-12-31");
        assertThat(year).hasSize(1);
        assertThat(year.getFirst().get("volume").longValue()).isEqualTo(sum(months, "volume"));
    }

    @Test
    @Requirement("P-04")
    void the_minutes_of_a_past_day_add_up_to_its_daily_bar() throws Exception {
        var day = json("/v1/bars/000660?period=D&limit=3").get("bars").get(2);
        var date = day.get("date").stringValue();
        var minutes = allPages("/v1/bars/000660?period=1m&limit=1000&from=" + date + "&to=" + date);

        assertThat(sum(minutes, "volume")).isEqualTo(day.get("volume").longValue());
        assertThat(sum(minutes, "turnover")).isEqualTo(day.get("turnover").longValue());
        var hours = allPages("/v1/bars/000660?period=60m&from=" + date + "T10:00&to=" + date + "T11:30");
        assertThat(hours).hasSize(2);
        assertThat(sum(hours, "volume"))
                .isEqualTo(sum(
                        minutes.stream()
                                .filter(minute -> {
                                    var second = minute.get("ts").longValue()
                                            - day.get("ts").longValue();
                                    return second >= 10 * 3600 && second < 12 * 3600;
                                })
                                .toList(),
                        "volume"));
    }

    @Test
    @Requirement("P-04")
    void the_current_day_has_a_bar_that_agrees_with_the_quote() throws Exception {
        // Before its first trade the newest bar is the previous day's.
        var never = new CountDownLatch(1);
        for (int i = 0; i < 3_000 && json("/v1/quotes/005930").get("volume").longValue() == 0; i++) {
            assertThat(never.await(10, TimeUnit.MILLISECONDS)).isFalse();
        }
        var date = LocalDate.now(ZoneId.of("Asia/Seoul")).toString();
        JsonNode today = json("/v1/bars/005930?period=D&limit=1").get("bars").get(0);
        for (int i = 0; i < 300 && !today.get("date").stringValue().equals(date); i++) {
            assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
            today = json("/v1/bars/005930?period=D&limit=1").get("bars").get(0);
        }
        var quote = json("/v1/quotes/005930");

        assertThat(today.get("volume").longValue())
                .isLessThanOrEqualTo(quote.get("volume").longValue());
        assertThat(today.get("open")).isEqualTo(quote.get("open"));
        contract.check("GET", "/v1/bars/{symbol}", get("/v1/bars/005930?period=5m&limit=3"));
        contract.check("GET", "/v1/bars/{symbol}", get("/v1/bars/005930?period=W&limit=3&adjusted=false"));
    }

    @ParameterizedTest
    @Requirement("P-04")
    @CsvSource({
        "5930?period=D, 400, INVALID_SYMBOL",
        "ZZZZZZ?period=D, 404, SYMBOL_NOT_FOUND",
        "005930, 400, MISSING_FIELD",
        "005930?period=m, 400, INVALID_FIELD",
        "005930?period=1M, 400, INVALID_FIELD",
        "005930?period=D&from=2026-01-02&to=2026-01-01, 400, INVALID_FIELD",
        "005930?period=D&from=20260102, 400, INVALID_FIELD",
        "005930?period=D&from=2026-01-02T09:00, 400, INVALID_FIELD",
        "005930?period=D&from=2026-02-30, 400, INVALID_FIELD",
        "005930?period=D&to=9999-01-01, 400, INVALID_FIELD",
        "005930?period=1m&to=2999-01-01T09:00, 400, INVALID_FIELD",
        "005930?period=D&from=0001-01-01, 400, INVALID_FIELD",
        "005930?period=1m&adjusted=true, 400, INVALID_FIELD",
        "005930?period=D&adjusted=yes, 400, INVALID_FIELD",
        "005930?period=D&limit=1001, 400, INVALID_FIELD",
        "005930?period=D&limit=0, 400, INVALID_FIELD",
        "005930?period=D&cursor=x, 400, INVALID_FIELD",
    })
    void an_invalid_history_request_is_refused_with_its_error(String query, int status, String code) throws Exception {
        var answer = get("/v1/bars/" + query);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(code);
        contract.check("GET", "/v1/bars/{symbol}", answer);
    }

    @ParameterizedTest
    @Requirement("P-13")
    @CsvSource({"035420, 0001A0, KRX", "AAPL.NASD, BRK-B.NYSE, US"})
    void a_backfill_writes_files_that_return_the_same_bars_and_a_second_one_makes_no_call(
            String symbol, String other, String market) throws Exception {
        var refused = post(
                "/v1/history/backfill",
                "{\"symbols\":[\"" + symbol + "\",\"" + other
                        + "\"],\"period\":\"D\",\"from\":\"2023-03-02\",\"to\":\"2026-10-30\"}");
        contract.check("POST", "/v1/history/backfill", refused);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(202);
        var job = awaitEnd(mapper.readTree(refused.body()).get("id").stringValue());

        assertThat(job.get("state").stringValue()).isEqualTo("DONE");
        assertThat(job.get("done").intValue()).isEqualTo(2);
        assertThat(job.get("notes")).as(job.toString()).isEmpty();
        var written = gateway.dataDir().resolve("history/daily/market=" + market + "/year=2024/part-0.parquet");
        assertThat(written).exists();
        assertThat(gateway.dataDir()
                        .resolve("history-work")
                        .resolve(job.get("id").stringValue()))
                .doesNotExist();
        var before =
                allPages("/v1/bars/" + symbol + "?period=D&adjusted=false&from=2023-03-02&to=2026-10-30&limit=1000");
        assertThat(allPages("/v1/bars/" + symbol + "?period=D&from=2023-03-02&to=2026-10-30&limit=1000"))
                .isEqualTo(before);

        var secondJob = mapper.readTree(post(
                        "/v1/history/backfill",
                        "{\"symbols\":[\"" + symbol
                                + "\"],\"period\":\"D\",\"from\":\"2023-03-02\",\"to\":\"2026-10-30\"}")
                .body());
        assertThat(awaitEnd(secondJob.get("id").stringValue()).get("done").intValue())
                .isEqualTo(1);
        var list = get("/v1/jobs?limit=1");
        contract.check("GET", "/v1/jobs", list);
        assertThat(mapper.readTree(list.body()).get("next_cursor").isNull()).isFalse();
        var cancelled = client.send(
                request("/v1/jobs/" + secondJob.get("id").stringValue())
                        .DELETE()
                        .build(),
                BodyHandlers.ofString());
        contract.check("DELETE", "/v1/jobs/{id}", cancelled);
        assertThat(cancelled.body()).contains("\"DONE\"");
    }

    @ParameterizedTest
    @Requirement("P-13")
    @CsvSource({"000660, KRX", "NVDA.NASD, US"})
    void past_minutes_are_written_by_date_and_returned_without_kis(String symbol, String market) throws Exception {
        var day = json("/v1/bars/" + symbol + "?period=D&limit=5")
                .get("bars")
                .get(4)
                .get("date")
                .stringValue();
        var before = allPages("/v1/bars/" + symbol + "?period=1m&limit=1000&from=" + day + "&to=" + day);
        var refused = post(
                "/v1/history/backfill",
                "{\"symbols\":[\"" + symbol + "\"],\"period\":\"1m\",\"from\":\"" + day + "\",\"to\":\"" + day + "\"}");
        assertThat(awaitEnd(mapper.readTree(refused.body()).get("id").stringValue())
                        .get("state")
                        .stringValue())
                .isEqualTo("DONE");

        assertThat(gateway.dataDir().resolve("history/minute/market=" + market + "/date=" + day + "/part-0.parquet"))
                .exists();
        assertThat(allPages("/v1/bars/" + symbol + "?period=1m&limit=1000&from=" + day + "&to=" + day))
                .isEqualTo(before);
    }

    @ParameterizedTest
    @Requirement("P-13")
    @CsvSource({"005930, KRX, KRW, chart", "AAPL.NASD, US, USD, price"})
    void after_a_restart_bars_are_read_from_the_files_to_the_last_decimal_without_kis(
            String symbol, String market, String currency, String call, @TempDir Path folder) {
        var days = "/v1/bars/" + symbol + "?period=D&adjusted=false&from=2026-03-02&to=2026-10-30&limit=1000";
        var minutes = "/v1/bars/" + symbol + "?period=1m&from=2026-11-13&to=2026-11-16&limit=1000";
        var hours = "/v1/bars/" + symbol + "?period=60m&from=2026-11-13&to=2026-11-16";
        List<JsonNode> received;
        try (var gateway = GatewayFixture.start(folder, "--simulator-clock=open-fixed")) {
            received = List.of(gateway.json(days), gateway.json(minutes), gateway.json(hours));
            for (var request : List.of(
                    "'period':'D','adjusted':false,'from':'2026-03-02','to':'2026-10-30'",
                    "'period':'1m','from':'2026-11-13','to':'2026-11-16'")) {
                var started = gateway.tree(gateway.operate(
                        "POST",
                        "/v1/history/backfill",
                        ("{'symbols':['" + symbol + "']," + request + "}").replace('\'', '"')));
                var path = "/v1/jobs/" + started.path("id").asString("");
                Await.until(() -> !gateway.json(path).path("state").asString("").equals("RUNNING"));
                var job = gateway.json(path);
                assertThat(job.path("state").asString("")).as(job.toString()).isEqualTo("DONE");
                assertThat(job.path("failed").asInt(1)).as(job.toString()).isZero();
                assertThat(job.path("notes")).as(job.toString()).isEmpty();
                assertThat(job.at("/files/folder").asString("")).endsWith("market=" + market);
                assertThat(job.at("/files/currency").asString("")).isEqualTo(currency);
                var newest = received.get(request.contains("1m") ? 1 : 0).at("/bars/0");
                newest.properties()
                        .forEach(field -> assertThat(job.at("/files/bar/" + field.getKey()))
                                .as(field.getKey())
                                .isEqualTo(field.getValue()));
            }
        }
        try (var gateway = GatewayFixture.start(folder, "--simulator-clock=open-fixed")) {
            assertThat(List.of(gateway.json(days), gateway.json(minutes))).isEqualTo(received.subList(0, 2));
            // Merged from the minutes, whose turnovers KIS rounds to dollars.
            assertThat(withoutTurnover(gateway.json(hours))).isEqualTo(withoutTurnover(received.get(2)));
            assertThat(gateway.brokerState().path("calls").propertyNames()).noneMatch(name -> name.contains(call));
        }
    }

    private static JsonNode withoutTurnover(JsonNode page) {
        page.get("bars").forEach(bar -> ((ObjectNode) bar).remove("turnover"));
        return page;
    }

    @Test
    @Requirement("P-13")
    void korean_and_us_symbols_go_into_one_backfill_of_days_that_are_over_in_both_markets() throws Exception {
        var started = mapper.readTree(post(
                        "/v1/history/backfill",
                        "{\"symbols\":[\"035720\",\"MSFT.NASD\"],\"period\":\"D\",\"from\":\"2026-10-01\"}")
                .body());
        var job = awaitEnd(started.get("id").stringValue());
        assertThat(job.get("done").intValue()).as(job.toString()).isEqualTo(2);
        assertThat(LocalDate.parse(job.at("/request/to").stringValue()))
                .isBefore(LocalDate.now(ZoneId.of("America/New_York")));
        for (var market : List.of("KRX", "US")) {
            assertThat(gateway.dataDir().resolve("history/daily/market=" + market + "/year=2026/part-0.parquet"))
                    .exists();
        }
        var refused = post(
                "/v1/history/backfill",
                "{\"symbols\":[\"035720\",\"MSFT.NASD\"],\"period\":\"D\",\"to\":\"2999-01-01\"}");
        assertThat(refused.body()).contains("INVALID_FIELD", "is in the future");
        contract.check("POST", "/v1/history/backfill", refused);
    }

    @ParameterizedTest
    @Requirement("P-13")
    @CsvSource(
            delimiter = ';',
            value = {
                "{'symbols':['005930']};MISSING_FIELD",
                "{'period':'D'};MISSING_FIELD",
                "{'symbols':[],'period':'D'};INVALID_FIELD",
                "{'symbols':'some','period':'D'};INVALID_FIELD",
                "{'symbols':['005930'],'period':'5m'};INVALID_FIELD",
                "{'symbols':['5930'],'period':'D'};INVALID_SYMBOL",
                "{'symbols':['ZZZZZZ'],'period':'D'};SYMBOL_NOT_FOUND",
                "{'symbols':['005930'],'period':'D','from':'x'};INVALID_FIELD",
                "{'symbols':['005930'],'period':'D','from':'2026-01-02','to':'2026-01-01'};INVALID_FIELD",
                "{'symbols':['005930'],'period':'D','to':'2999-01-01'};INVALID_FIELD",
                "{'symbols':['005930'],'period':'1m','from':'2020-01-01'};UNSUPPORTED_BY_SOURCE",
                "{'symbols':['005930'],'period':'1m','adjusted':true};INVALID_FIELD",
                "{'symbols':['005930'],'period':'D','source':'nobody'};INVALID_FIELD",
                "{'symbols':['005930'],'period':'D','speed':9};UNKNOWN_FIELD",
            })
    void an_impossible_backfill_is_refused_with_its_error(String body, String code) throws Exception {
        var answer = post("/v1/history/backfill", body.replace('\'', '"'));

        assertThat(answer.body()).contains(code);
        assertThat(answer.statusCode()).isIn(400, 404, 501);
        contract.check("POST", "/v1/history/backfill", answer);
    }

    @Test
    @Requirement("P-13")
    void an_unknown_job_is_reported_as_not_found() throws Exception {
        var answer = get("/v1/jobs/job-1");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("JOB_NOT_FOUND");
        assertThat(get("/v1/jobs?cursor=job-1").statusCode()).isEqualTo(400);
    }

    @Test
    @Requirement(value = "P-10", clause = "gateway")
    void charts_of_many_symbols_arrive_line_by_line_and_a_second_request_makes_no_call() throws Exception {
        var symbols = kr.kisgateway.market.Instruments.load().all().stream()
                .map(it -> it.symbol().code())
                .limit(60)
                .toList();
        var refused = "{\"symbols\":[\"ZZZZZZ\",\"5930\",\"" + String.join("\",\"", symbols) + "\",\""
                + symbols.getFirst() + "\"],\"period\":\"D\",\"to\":\"2026-11-13\",\"limit\":40,\"adjusted\":false}";

        var first = lines(refused);
        assertThat(first).hasSize(64);
        assertThat(first.getFirst().at("/expected/symbols").asLong(0)).isEqualTo(62);
        assertThat(first.getFirst().at("/expected/at_hand").asLong(0)).isEqualTo(2);
        assertThat(first.getFirst().at("/expected/calls").asLong(0)).isEqualTo(60);
        assertThat(first.getFirst().at("/expected/seconds").asDouble(0)).isPositive();
        assertThat(first.getLast().at("/stats/requested").asLong(0)).isEqualTo(62);
        assertThat(first.getLast().at("/stats/succeeded").asLong(0)).isEqualTo(60);
        assertThat(first.getLast().at("/stats/failed").asLong(0)).isEqualTo(2);
        var pages = first.stream().filter(line -> line.has("bars")).toList();
        assertThat(pages)
                .extracting(page -> page.get("symbol").stringValue())
                .containsExactlyInAnyOrderElementsOf(symbols);
        var one = pages.stream()
                .filter(page -> page.get("symbol").stringValue().equals(symbols.getFirst()))
                .findFirst()
                .orElseThrow();
        assertThat(one)
                .isEqualTo(json("/v1/bars/" + symbols.getFirst() + "?period=D&limit=40&to=2026-11-13&adjusted=false"));
        assertThat(first)
                .filteredOn(line -> line.has("code"))
                .extracting(line -> line.get("symbol").stringValue() + " "
                        + line.get("code").stringValue())
                .containsExactlyInAnyOrder("ZZZZZZ SYMBOL_NOT_FOUND", "5930 INVALID_SYMBOL");

        long calls = chartCalls();
        var secondJob = lines(refused);
        assertThat(secondJob.getFirst().at("/expected/calls").asLong(-1)).isZero();
        assertThat(secondJob.getLast().at("/stats/succeeded").asLong(0)).isEqualTo(60);
        assertThat(chartCalls()).isEqualTo(calls);
    }

    @Test
    @Requirement("P-10")
    void minutes_of_many_symbols_equal_those_of_each_symbol() throws Exception {
        var day = json("/v1/bars/000660?period=D&limit=3").at("/bars/2/date").stringValue();
        var lines = lines("{\"symbols\":[\"000660\",\"035420\"],\"period\":\"30m\",\"from\":\"" + day + "\",\"to\":\""
                + day + "\"}");
        assertThat(lines).hasSize(4);
        var one = lines.stream()
                .filter(line -> line.path("symbol").asString("").equals("000660"))
                .findFirst()
                .orElseThrow();
        assertThat(one).isEqualTo(json("/v1/bars/000660?period=30m&from=" + day + "&to=" + day));
    }

    @ParameterizedTest
    @Requirement("P-10")
    @CsvSource(
            delimiter = ';',
            value = {
                "{'period':'D'};400;MISSING_FIELD",
                "{'symbols':[],'period':'D'};400;INVALID_FIELD",
                "{'symbols':'all','period':'D'};400;INVALID_FIELD",
                "{'symbols':[5930],'period':'D'};400;INVALID_FIELD",
                "{'symbols':['005930']};400;MISSING_FIELD",
                "{'symbols':['005930'],'period':'2m'};400;INVALID_FIELD",
                "{'symbols':['005930'],'period':'1M'};400;INVALID_FIELD",
                "{'symbols':['005930'],'period':'D','limit':0};400;INVALID_FIELD",
                "{'symbols':['005930'],'period':'D','limit':1001};400;INVALID_FIELD",
                "{'symbols':['005930'],'period':'D','limit':'9'};400;INVALID_FIELD",
                "{'symbols':['005930'],'period':'D','from':'2026-01-02','to':'2026-01-01'};400;INVALID_FIELD",
                "{'symbols':['005930'],'period':'D','to':'2999-01-01'};400;INVALID_FIELD",
                "{'symbols':['005930'],'period':'D','cursor':'1'};400;UNKNOWN_FIELD",
                "{'symbols':['005930'],'period':'5m','adjusted':true};400;INVALID_FIELD",
            })
    void an_invalid_batch_of_bars_is_refused_as_a_unit(String body, int status, String code) throws Exception {
        var answer = post("/v1/bars/batch", body.replace('\'', '"'));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"" + code + "\"");
        contract.check("POST", "/v1/bars/batch", answer);
    }

    @ParameterizedTest
    @Requirement("P-09")
    @ValueSource(strings = {"/v1/quotes/batch", "/v1/bars/batch", "/v1/cache/warm"})
    void too_many_symbols_are_refused(String path) throws Exception {
        String period = path.contains("bars") ? ",\"period\":\"D\"" : "";
        var some = post(path, "{\"symbols\":[" + "\"005930\",".repeat(4_000) + "\"000660\"]" + period + "}");
        assertThat(some.statusCode()).isEqualTo(400);
        assertThat(some.body()).contains("INVALID_FIELD", "4000");
        var many = post(path, "{\"symbols\":[" + "\"005930\",".repeat(9_999) + "\"000660\"]" + period + "}");
        assertThat(many.statusCode()).isEqualTo(413);
        assertThat(many.body()).contains("BODY_TOO_LARGE");
    }

    @Test
    @Requirement(value = "P-11", clause = "result")
    void the_most_traded_are_warmed_and_each_data_type_has_its_figures() throws Exception {
        var started = post("/v1/cache/warm", "{\"top\":40,\"data_types\":[\"info\",\"chart\",\"info\"]}");
        assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
        contract.check("POST", "/v1/cache/warm", started);
        var job = awaitEnd(mapper.readTree(started.body()).get("id").stringValue());

        assertThat(job.get("state").stringValue()).isEqualTo("DONE");
        assertThat(job.get("kind").stringValue()).isEqualTo("warm");
        assertThat(job.get("total").intValue()).isEqualTo(80);
        assertThat(job.at("/request/top").booleanValue()).isTrue();
        assertThat(job.at("/result/parts").propertyNames()).containsExactly("chart", "info");
        for (var part : job.at("/result/parts")) {
            assertThat(part.get("succeeded").intValue()).isEqualTo(40);
            assertThat(part.get("failed").intValue()).isZero();
            assertThat(part.get("duration_seconds").doubleValue())
                    .isBetween(0.0, job.at("/result/total_duration_seconds").doubleValue());
        }
        assertThat(job.at("/result/total_duration_seconds").doubleValue()).isPositive();
        // The most traded of the listing is among them: its limits of today are cached without a quote.
        var mostTraded = kr.kisgateway.market.Instruments.load().all().stream()
                .max(java.util.Comparator.comparingLong(kr.kisgateway.market.Instrument::turnover))
                .orElseThrow();
        assertThat(json("/v1/instruments/" + mostTraded.symbol().code())
                        .get("upper_limit")
                        .longValue())
                .isPositive();
    }

    @Test
    @Requirement("P-11")
    void a_warmup_job_can_be_cancelled() throws Exception {
        var started = mapper.readTree(post("/v1/cache/warm", "{\"top\":4000,\"data_types\":[\"chart\"]}")
                .body());
        var id = started.get("id").stringValue();
        var cancelled = client.send(request("/v1/jobs/" + id).DELETE().build(), BodyHandlers.ofString());
        contract.check("DELETE", "/v1/jobs/{id}", cancelled);
        var job = awaitEnd(id);
        assertThat(job.get("state").stringValue()).isEqualTo("CANCELED");
        assertThat(job.get("done").intValue()).isLessThan(started.get("total").intValue());
    }

    @ParameterizedTest
    @Requirement("P-11")
    @CsvSource(
            delimiter = ';',
            value = {
                "{'symbols':[]};400;INVALID_FIELD",
                "{'symbols':['5930']};400;INVALID_SYMBOL",
                "{'symbols':['ZZZZZZ']};404;SYMBOL_NOT_FOUND",
                "{'data_types':['price','news']};400;INVALID_FIELD",
                "{'data_types':[]};400;INVALID_FIELD",
                "{'data_types':'price'};400;INVALID_FIELD",
                "{'top':0};400;INVALID_FIELD",
                "{'top':4001};400;INVALID_FIELD",
                "{'top':5,'symbols':['005930']};400;INVALID_FIELD",
                "{'fast':true};400;UNKNOWN_FIELD",
            })
    void an_impossible_warmup_is_refused_with_its_error(String body, int status, String code) throws Exception {
        var answer = post("/v1/cache/warm", body.replace('\'', '"'));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"" + code + "\"");
        contract.check("POST", "/v1/cache/warm", answer);
    }

    private List<JsonNode> lines(String body) throws Exception {
        var answer = post("/v1/bars/batch", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/x-ndjson");
        var lines = answer.body().lines().map(mapper::readTree).toList();
        lines.forEach(contract::barLine);
        return lines;
    }

    /** Chart requests that the broker received. */
    private long chartCalls() throws Exception {
        var state = client.send(
                HttpRequest.newBuilder(java.net.URI.create(
                                "http://127.0.0.1:" + gateway.simulatorPort().orElseThrow() + "/simulator/state"))
                        .build(),
                BodyHandlers.ofString());
        long calls = 0;
        for (var call : mapper.readTree(state.body()).get("calls").properties()) {
            calls += call.getKey().contains("chart") ? call.getValue().longValue() : 0;
        }
        assertThat(calls).isPositive();
        return calls;
    }

    private JsonNode awaitEnd(String id) throws Exception {
        var never = new CountDownLatch(1);
        for (int i = 0; i < 3_000; i++) {
            var answer = get("/v1/jobs/" + id);
            contract.check("GET", "/v1/jobs/{id}", answer);
            var job = mapper.readTree(answer.body());
            if (!job.get("state").stringValue().equals("RUNNING")) {
                return job;
            }
            assertThat(never.await(10, TimeUnit.MILLISECONDS)).isFalse();
        }
        throw new AssertionError("job " + id + " did not end");
    }

    private static long sum(List<JsonNode> bars, String field) {
        return bars.stream().mapToLong(bar -> bar.get(field).longValue()).sum();
    }

    /** All pages. */
    private List<JsonNode> allPages(String path) throws Exception {
        var bars = new ArrayList<JsonNode>();
        Optional<String> cursor = Optional.empty();
        do {
            var answer = get(path + cursor.map(it -> "&cursor=" + it).orElse(""));
            contract.check("GET", "/v1/bars/{symbol}", answer);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            var page = mapper.readTree(answer.body());
            page.get("bars").forEach(bars::add);
            cursor = Optional.ofNullable(page.get("next_cursor"))
                    .filter(node -> !node.isNull())
                    .map(JsonNode::stringValue);
        } while (cursor.isPresent());
        return bars;
    }

    private JsonNode json(String path) throws Exception {
        var answer = get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return mapper.readTree(answer.body());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).GET().build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return client.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(gateway.baseUri().resolve(path)).timeout(LIMIT);
    }
}
