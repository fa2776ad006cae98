package kr.kisgateway.gateway.risk;

import static kr.kisgateway.gateway.risk.RiskSample.SAMSUNG;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.access.ApiKeyGatekeeper;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.access.KeyStore;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.EdgeSettings;
import kr.kisgateway.gateway.http.HttpEdge;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Requirement("G-15")
@Tag("slow")
class RiskRoutesTest {
    private static final RiskLayers LAYERS = new RiskLayers(
            RiskSample.usualLimits()
                    .with(RiskLimit.COLLAR_PCT, 250)
                    .with(RiskGuard.CHECK_CASH, true)
                    .denying(Set.of(SAMSUNG)),
            Map.of("A1", RiskLimits.none().with(RiskLimit.MAX_QTY, 7).allowing(Set.of(SAMSUNG))),
            Map.of("grid.v2", RiskLimits.none().with(RiskGuard.CHECK_CASH, false)),
            Map.of("local", RiskLimits.none()));

    private final HttpClient client = HttpClient.newHttpClient();
    private final JsonMapper mapper = new JsonMapper();
    private volatile RiskPolicy policy = new RiskPolicy(LAYERS, new LiveGuards(true, false, Set.of("B", "A"), true));
    private volatile Optional<Refusal> verdict = Optional.empty();
    private volatile boolean durable = true;
    private volatile Optional<RiskRoutes.Author> author = Optional.empty();
    private HttpEdge edge;
    private KeyRing keys;

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        var table = new RouteTable();
        new RiskRoutes(
                        () -> policy,
                        () -> author,
                        (_, body) -> {
                            body.text("symbol");
                            return verdict;
                        },
                        (layers, by) -> {
                            if (!durable) {
                                return Optional.of(Refusal.of(ErrorCode.JOURNAL_UNAVAILABLE, "no disk"));
                            }
                            policy = new RiskPolicy(layers, policy.guards());
                            author = Optional.of(new RiskRoutes.Author(Optional.of(by), Instant.EPOCH));
                            return Optional.empty();
                        },
                        Set.of("A1"),
                        "bot"::equals)
                .register(table);
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-20T00:00:00Z"));
        keys = new KeyRing(KeyStore.open(folder.resolve("access.db")), clock, new SecureRandom());
        var access = new ApiKeyGatekeeper(false, keys, Optional.of(Secret.of("open-sesame")), 1_000, clock, clock);
        edge = HttpEdge.start(
                EdgeSettings.defaults("127.0.0.1", 0), table, access, new TraceIds(1), new ThreadTaskRunner());
    }

    @AfterEach
    void stop() {
        edge.close();
        keys.close();
    }

    @Test
    void a_check_returns_ok_or_the_code_with_its_details() throws Exception {
        assertThat(json(post("{\"symbol\":\"005930\"}")).toString())
                .isEqualTo("{\"ok\":true,\"reason\":null,\"message\":null,\"details\":null}");
        verdict = Optional.of(
                Refusal.of(ErrorCode.POSITION_PROVIDER_UNAVAILABLE, "unknown").with("unknown", "cash"));
        var refused = post("{\"symbol\":\"005930\"}");
        assertThat(refused.statusCode()).isEqualTo(200);
        assertThat(json(refused).toString())
                .isEqualTo("{\"ok\":false,\"reason\":\"POSITION_PROVIDER_UNAVAILABLE\",\"message\":\"Unknown.\","
                        + "\"details\":{\"unknown\":\"cash\"}}");
    }

    @Test
    void a_check_of_a_malformed_order_is_an_error() throws Exception {
        assertThat(post("{}").statusCode()).isEqualTo(400);
        assertThat(post("[").statusCode()).isEqualTo(400);
    }

    @Test
    void the_limits_include_unset_ones_and_the_live_guards() throws Exception {
        var limits = json(send("GET", "", ""));
        assertThat(limits.at("/gateway/max_qty").intValue()).isEqualTo(100);
        assertThat(limits.at("/gateway/collar_pct").decimalValue()).isEqualByComparingTo("2.5");
        assertThat(limits.at("/gateway/daily_loss").isNull()).isTrue();
        assertThat(limits.at("/gateway/check_cash").booleanValue()).isTrue();
        assertThat(limits.at("/accounts/A1").toString()).isEqualTo("{\"max_qty\":7,\"allow\":[\"005930\"]}");
        assertThat(limits.at("/guards").toString())
                .isEqualTo(
                        "{\"live\":true,\"live_trading\":false,\"live_accounts\":[\"A\",\"B\"],\"read_only\":true,\"credit\":false}");
    }

    @Test
    void only_an_operator_sets_the_limits_and_only_as_a_whole() throws Exception {
        String wider = "{\"gateway\":{\"daily_orders\":9,\"max_qty\":null,\"max_notional\":5,\"check_cash\":null,"
                + "\"collar_pct\":null,\"deny\":null},\"accounts\":{\"A1\":null},\"keys\":null,"
                + "\"strategies\":{\"grid.v2\":null,\"s\":{\"orders_per_second\":2}}}";
        assertThat(send("PUT", wider, "").statusCode()).isEqualTo(400);
        assertThat(send("PUT", wider, "wrong").statusCode()).isEqualTo(401);
        assertThat(policy.layers()).isEqualTo(LAYERS);
        var answer = send("PUT", wider, "open-sesame");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(policy.layers())
                .isEqualTo(new RiskLayers(
                        RiskLimits.none().with(RiskLimit.DAILY_ORDERS, 9).with(RiskLimit.MAX_NOTIONAL, 5),
                        Map.of(),
                        Map.of("s", RiskLimits.none().with(RiskLimit.ORDERS_PER_SECOND, 2)),
                        Map.of()));
        assertThat(json(answer).at("/gateway/daily_orders").intValue()).isEqualTo(9);
    }

    @Test
    void limits_that_could_not_be_stored_do_not_apply() throws Exception {
        durable = false;
        var answer = send("PUT", text(LAYERS), "open-sesame");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(policy.layers()).isEqualTo(LAYERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                                      | MISSING_FIELD | gateway",
                "{'gateway':{'daily_orders':0,'max_qty':1,'max_notional':1,'check_cash':true}}             | INVALID_FIELD | gateway.daily_orders",
                "{'gateway':{'daily_orders':1.5,'max_qty':1,'max_notional':1,'check_cash':true}}           | INVALID_FIELD | gateway.daily_orders",
                "{'gateway':{'daily_orders':1e99,'max_qty':1,'max_notional':1,'check_cash':true}}          | INVALID_FIELD | gateway.daily_orders",
                "{'gateway':{'daily_orders':'1','max_qty':1,'max_notional':1,'check_cash':true}}           | INVALID_FIELD | gateway.daily_orders",
                "{'gateway':{'daily_orders':1,'max_qty':1,'max_notional':1,'check_cash':true,'max':1}}     | UNKNOWN_FIELD | gateway.max",
                "{'gateway':{'daily_orders':1,'max_qty':1,'max_notional':1,'check_cash':true},'live':true} | UNKNOWN_FIELD | live",
                "{'gateway':{'daily_orders':1,'max_qty':1,'max_notional':1,'check_cash':true},'keys':{'k':{'collar_pct':0.001}}} | INVALID_FIELD | keys.k.collar_pct",
                "{'gateway':{'daily_orders':1,'max_qty':1,'max_notional':1,'check_cash':true},'keys':{'k':{'deny':['5930']}}} | INVALID_FIELD | keys.k.deny",
                "{'gateway':{'daily_orders':1,'max_qty':1,'max_notional':1,'check_cash':true},'keys':{'k':7}} | INVALID_FIELD | keys.k",
            })
    void an_error_in_limits_is_named_and_changes_nothing(String body, String code, String field) throws Exception {
        var answer = send("PUT", body.replace('\'', '"'), "open-sesame");
        assertThat(json(answer).get("code").stringValue()).isEqualTo(code);
        assertThat(json(answer).at("/details/field").stringValue()).isEqualTo(field);
        assertThat(policy.layers()).isEqualTo(LAYERS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys", "strategies"})
    void a_name_with_a_text_direction_mark_is_refused(String kind) throws Exception {
        for (int mark : new int[] {0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x1B}) {
            var body = "{\"gateway\":{\"max_qty\":1},\"%s\":{\"a\\u%04xb\":{\"max_qty\":1}}}".formatted(kind, mark);
            var answer = send("PUT", body, "open-sesame");
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(json(answer).at("/details/field").stringValue()).startsWith(kind + ".");
            assertThat(json(answer).get("message").stringValue()).contains("U+%04X at position 2".formatted(mark));
        }
        assertThat(policy.layers()).isEqualTo(LAYERS);
    }

    @Test
    void an_active_limit_is_removed_only_by_an_explicit_null() throws Exception {
        var limitsText = text(LAYERS);
        for (var removed : Map.of(
                        "\"collar_pct\":2.5,", "gateway.collar_pct",
                        "\"check_cash\":true,", "gateway.check_cash",
                        ",\"deny\":[\"005930\"]", "gateway.deny",
                        ",\"allow\":[\"005930\"]", "accounts.A1.allow",
                        "\"A1\":{\"max_qty\":7,\"allow\":[\"005930\"]}", "accounts.A1",
                        "\"strategies\":{\"grid.v2\":{\"check_cash\":false}},", "strategies.grid.v2")
                .entrySet()) {
            assertThat(limitsText).contains(removed.getKey());

            var answer = json(send("PUT", limitsText.replace(removed.getKey(), ""), "open-sesame"));

            assertThat(answer.path("code").asString("")).as(removed.getValue()).isEqualTo("MISSING_FIELD");
            assertThat(answer.at("/details/field").asString("")).isEqualTo(removed.getValue());
            assertThat(answer.path("message").asString("")).contains(removed.getValue(), "null, which removes it");
            assertThat(policy.layers()).isEqualTo(LAYERS);
        }
        assertThat(send("PUT", limitsText, "open-sesame").statusCode()).isEqualTo(200);
        assertThat(policy.layers()).isEqualTo(LAYERS);
        var loose = limitsText
                .replace("\"collar_pct\":2.5", "\"collar_pct\":null")
                .replace("{\"max_qty\":7,\"allow\":[\"005930\"]}", "null");
        assertThat(send("PUT", loose, "open-sesame").statusCode()).isEqualTo(200);
        assertThat(policy.layers().gateway().get(RiskLimit.COLLAR_PCT)).isEmpty();
        assertThat(policy.layers().accounts()).isEmpty();
    }

    @Test
    void a_layer_of_an_account_that_does_not_exist_is_refused_and_the_accounts_are_named() throws Exception {
        var answer =
                json(send("PUT", text(LAYERS).replace("\"accounts\":{", "\"accounts\":{\"A9\":{},"), "open-sesame"));
        assertThat(answer.path("code").asString("")).isEqualTo("INVALID_FIELD");
        assertThat(answer.at("/details/field").asString("")).isEqualTo("accounts.A9");
        assertThat(answer.path("message").asString("")).contains("there is A1");
        assertThat(policy.layers()).isEqualTo(LAYERS);
    }

    @Test
    void limits_written_are_the_limits_read() {
        assertThat(RiskLayersJson.read(RequestBody.parse(text(LAYERS).getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(LAYERS);
    }

    @Test
    void limits_of_a_strategy_with_a_korean_name_are_read_as_written() {
        var layers = new RiskLayers(
                RiskSample.usualLimits(),
                Map.of(),
                Map.of("돌파전략", RiskLimits.none().with(RiskLimit.MAX_QTY, 3)),
                Map.of());
        assertThat(RiskLayersJson.read(RequestBody.parse(text(layers).getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(layers);
    }

    @Test
    void limits_set_by_a_call_survive_a_restart_until_the_settings_change() {
        var configured = RiskLayers.of(RiskSample.usualLimits());
        var change = new LimitsChange(LAYERS, configured);
        assertThat(change.effectiveLayers(RiskLayers.of(RiskSample.usualLimits())))
                .isEqualTo(LAYERS);
        var edited = RiskLayers.of(RiskSample.usualLimits().with(RiskLimit.MAX_QTY, 3));
        assertThat(change.effectiveLayers(edited)).isEqualTo(edited);
    }

    private static String text(RiskLayers layers) {
        return RiskLayersJson.text(layers);
    }

    private JsonNode json(HttpResponse<String> answer) {
        return mapper.readTree(answer.body());
    }

    private HttpResponse<String> post(String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri("/v1/risk/check"))
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String method, String body, String token) throws Exception {
        var request = HttpRequest.newBuilder(uri("/v1/risk/limits"))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .method(method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("X-Operator-Token", token);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + edge.port() + path);
    }
}
