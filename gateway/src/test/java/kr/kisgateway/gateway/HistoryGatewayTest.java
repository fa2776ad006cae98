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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bars and history of the whole server with its simulator, from outside. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
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
    @Tag("P-04")
    void twenty_years_of_days_come_page_by_page_each_once_and_newest_first() throws Exception {
        var days = all("/v1/bars/005930?period=D&limit=1000&from=2004-01-01");

        assertThat(days.size()).isGreaterThan(4_800);
        assertThat(days)
                .isSortedAccordingTo((one, other) ->
                        Long.compare(other.get("ts").longValue(), one.get("ts").longValue()));
        assertThat(days.stream().map(bar -> bar.get("date").stringValue()).distinct())
                .hasSameSizeAs(days);

        // KIS's own months are those days put together.
        var months = all("/v1/bars/005930?period=M&from=2024-01-01&to=2024-12-31");
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
        var year = all("/v1/bars/005930?period=Y&from=2024-05-05&to=2024-12-31");
        assertThat(year).hasSize(1);
        assertThat(year.getFirst().get("volume").longValue()).isEqualTo(sum(months, "volume"));
    }

    @Test
    @Tag("P-04")
    void minutes_of_a_past_day_add_up_to_its_bar() throws Exception {
        var day = all("/v1/bars/000660?period=D&limit=3").get(2);
        var date = day.get("date").stringValue();
        var minutes = all("/v1/bars/000660?period=1m&limit=1000&from=" + date + "&to=" + date);

        assertThat(sum(minutes, "volume")).isEqualTo(day.get("volume").longValue());
        assertThat(sum(minutes, "turnover")).isEqualTo(day.get("turnover").longValue());
        var hours = all("/v1/bars/000660?period=60m&from=" + date + "T10:00&to=" + date + "T11:30");
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
    @Tag("P-04")
    void the_running_day_has_a_bar_that_agrees_with_the_quote() throws Exception {
        var today = json("/v1/bars/005930?period=D&limit=1").get("bars").get(0);
        var quote = json("/v1/quotes/005930");

        assertThat(today.get("volume").longValue())
                .isLessThanOrEqualTo(quote.get("volume").longValue());
        assertThat(today.get("open")).isEqualTo(quote.get("open"));
        contract.check("GET", "/v1/bars/{symbol}", get("/v1/bars/005930?period=5m&limit=3"));
        contract.check("GET", "/v1/bars/{symbol}", get("/v1/bars/005930?period=W&limit=3&adjusted=false"));
    }

    @ParameterizedTest
    @Tag("P-04")
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
    void what_makes_no_question_is_refused_with_what_is_wrong(String question, int status, String code)
            throws Exception {
        var answer = get("/v1/bars/" + question);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(code);
        contract.check("GET", "/v1/bars/{symbol}", answer);
    }

    private static long sum(List<JsonNode> bars, String field) {
        return bars.stream().mapToLong(bar -> bar.get(field).longValue()).sum();
    }

    /** All pages. */
    private List<JsonNode> all(String path) throws Exception {
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

    HttpResponse<String> post(String path, String body) throws Exception {
        return client.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(gateway.base().resolve(path)).timeout(LIMIT);
    }
}
