package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import kr.kisgateway.market.Instruments;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What {@code /v1/face/clients} shows of each program: every figure from calls that were made. */
@Tag("slow")
class FaceClientsTest {
    private static final String SYMBOL = "005930";
    private static final String TRADES = "H0STCNT0";
    private static final String BOOKS = "H0STASP0";
    private static final String NOTICES = "H0STCNI0";

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<FaceSocket> sockets = new ArrayList<>();
    private GatewayFixture gateway;
    private FaceClient client;

    @BeforeEach
    void start() {
        start(Map.of());
    }

    private void start(Map<String, String> environment) {
        var all = new LinkedHashMap<>(environment);
        all.put("SIMULATOR_RATE_LIMIT", "1000");
        all.put("SIMULATOR_CLOCK", "open-fixed");
        gateway = GatewayFixture.start(folder, all);
        gateway.awaitReady();
        client = newClient("strategy-a", "--role", "trade");
    }

    @AfterEach
    void stop() {
        sockets.forEach(FaceSocket::close);
        gateway.close();
        http.close();
    }

    private URI face() {
        return URI.create("http://127.0.0.1:" + gateway.gateway().facePort().orElseThrow());
    }

    /** A key that has made one call: for its token. */
    private FaceClient newClient(String name, String... options) {
        var made = FaceClient.withNewKey(http, folder, face(), name, options);
        Await.until("the gateway knows the key", () -> made.login().statusCode() == 200);
        return made;
    }

    private FaceSocket socket(FaceClient of) {
        var socket = FaceSocket.open(http, of, "/tryitout");
        sockets.add(socket);
        return socket;
    }

    private JsonNode clients() {
        var answer = gateway.operate("GET", "/v1/face/clients", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return gateway.tree(answer);
    }

    private JsonNode client(String name) {
        return clients()
                .path("clients")
                .valueStream()
                .filter(each -> each.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode trace(String name) {
        return gateway.tree(gateway.operate("GET", "/v1/face/clients/" + name, ""));
    }

    private static Map<String, Long> served(JsonNode figures) {
        var out = new LinkedHashMap<String, Long>();
        figures.path("served").propertyStream().forEach(each -> {
            if (each.getValue().asLong() > 0) {
                out.put(each.getKey(), each.getValue().asLong());
            }
        });
        return out;
    }

    @Test
    void the_same_price_ten_times_costs_one_call_to_kis() {
        long before = gateway.brokerCalls("quotations/inquire-price");
        for (int i = 0; i < 10; i++) {
            assertThat(FaceClient.code(client.price(SYMBOL))).isEqualTo("MCA00000");
        }
        assertThat(gateway.brokerCalls("quotations/inquire-price") - before).isEqualTo(1);

        var figures = client("strategy-a");
        assertThat(served(figures)).isEqualTo(Map.of("kis", 1L, "cache", 9L, "gateway", 1L));
        assertThat(figures.path("calls").asLong()).isEqualTo(11);
        assertThat(figures.path("refused").asLong()).isZero();
        assertThat(figures.path("refusals")).isEmpty();
        var other = newClient("strategy-b", "--role", "quote");
        assertThat(FaceClient.code(other.price(SYMBOL))).isEqualTo("MCA00000");
        assertThat(served(client("strategy-b"))).isEqualTo(Map.of("cache", 1L, "gateway", 1L));

        var totals = clients().path("totals");
        assertThat(served(totals).get("kis")).isEqualTo(1);
        assertThat(served(totals).get("cache")).isEqualTo(10);
        assertThat(clients().path("port").asInt()).isEqualTo(face().getPort());
        assertThat(gateway.gateway().meters().value("face.calls", "source", "cache"))
                .isEqualTo(10);
        assertThat(gateway.gateway().meters().value("cache.hits", "cache", "face"))
                .isEqualTo(10);
        assertThat(gateway.gateway().meters().value("cache.calls", "cache", "face"))
                .isEqualTo(1);
    }

    @Test
    void equal_questions_at_the_same_time_are_counted_as_coalesced() throws Exception {
        gateway.fault("{\"latency_ms\":{\"value\":1500,\"for\":\"10s\"}}");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<HttpResponse<String>>>();
            for (int i = 0; i < 20; i++) {
                answers.add(threads.submit(() -> client.price(SYMBOL)));
            }
            for (var answer : answers) {
                assertThat(FaceClient.code(answer.get())).isEqualTo("MCA00000");
            }
        }
        assertThat(served(client("strategy-a"))).isEqualTo(Map.of("kis", 1L, "coalesced", 19L, "gateway", 1L));
    }

    @Test
    void refusals_are_counted_by_code_with_the_newest_reason() {
        String token = client.token();
        client.useToken("no-token");
        client.price(SYMBOL);
        client.price(SYMBOL);
        client.useToken(token);
        assertThat(FaceClient.code(client.order("TTTC0012U", "ZZZZZZ", "01", 1, 0)))
                .isEqualTo("APBK0656");
        var stranger = new FaceClient(
                http, face(), "PSUNKNOWNUNKNOWNUNKNOWNUNKNOWNUNKNOW", "x", client.cano, client.productCode, "x");
        stranger.useToken(token);
        assertThat(FaceClient.code(stranger.price(SYMBOL))).isEqualTo("EGW00103");

        var figures = client("strategy-a");
        assertThat(figures.path("refused").asLong()).isEqualTo(3);
        var newest = figures.path("refusals").path(0);
        assertThat(newest.path("code").asString()).isEqualTo("APBK0656");
        assertThat(newest.path("count").asLong()).isEqualTo(1);
        assertThat(newest.path("reason").asString()).isNotEmpty();
        var older = figures.path("refusals").path(1);
        assertThat(older.path("code").asString()).isEqualTo("EGW00121");
        assertThat(older.path("count").asLong()).isEqualTo(2);
        assertThat(older.path("reason").asString()).contains("token");
        assertThat(served(figures)).isEqualTo(Map.of("gateway", 4L));
        var totals = clients().path("totals");
        assertThat(totals.path("unidentified").asLong()).isGreaterThanOrEqualTo(1);
        assertThat(totals.path("refused").asLong())
                .isEqualTo(3 + totals.path("unidentified").asLong());
        var meters = gateway.gateway().meters();
        assertThat(meters.value("face.refusals", "cause", "order")).isEqualTo(1);
        assertThat(meters.value("face.refusals", "cause", "access"))
                .isEqualTo(2 + totals.path("unidentified").asLong());
    }

    @Test
    void orders_are_counted_by_their_answer_and_cost_a_call_only_when_they_were_sent() {
        var placed = FaceClient.tree(client.order("TTTC0012U", SYMBOL, "00", 1, low()));
        assertThat(placed.path("rt_cd").asString()).as(placed.toString()).isEqualTo("0");
        assertThat(FaceClient.tree(client.revise(placed, "02", true, 0, 0))
                        .path("rt_cd")
                        .asString())
                .isEqualTo("0");
        // A price that is no tick is refused here.
        assertThat(FaceClient.code(client.order("TTTC0012U", SYMBOL, "00", 1, low() + 1)))
                .isEqualTo("APBK0506");
        gateway.fault("{\"lose_answers\":1}");
        assertThat(FaceClient.code(client.order("TTTC0012U", SYMBOL, "00", 2, low())))
                .isEqualTo("EGW00301");

        var figures = client("strategy-a");
        assertThat(figures.path("orders").path("accepted").asLong()).isEqualTo(2);
        assertThat(figures.path("orders").path("refused").asLong()).isEqualTo(1);
        assertThat(figures.path("orders").path("in_doubt").asLong()).isEqualTo(1);
        // The price was asked three times; the login and the refusal are the gateway's.
        assertThat(served(figures)).isEqualTo(Map.of("kis", 4L, "cache", 2L, "gateway", 2L));
    }

    private long low() {
        return Long.parseLong(FaceClient.tree(client.price(SYMBOL))
                .path("output")
                .path("stck_llam")
                .asString());
    }

    @Test
    void a_loop_beyond_its_share_has_waited_and_was_not_refused() {
        var loop = newClient("loop", "--role", "quote", "--calls-per-second", "5");
        for (int i = 0; i < 15; i++) {
            assertThat(FaceClient.code(loop.price(SYMBOL))).isEqualTo("MCA00000");
        }
        var figures = client("loop");
        assertThat(figures.path("queued_ms").asLong()).isBetween(500L, 30_000L);
        assertThat(figures.path("refused").asLong()).isZero();
        assertThat(client("strategy-a").path("queued_ms").asLong()).isZero();
    }

    @Test
    void registrations_show_how_each_is_fed() {
        var first = socket(client);
        assertThat(first.register(TRADES, SYMBOL)).isEqualTo("OPSP0000");
        assertThat(first.register(BOOKS, SYMBOL)).isEqualTo("OPSP0000");
        assertThat(first.register(NOTICES, client.htsId)).isEqualTo("OPSP0000");
        assertThat(first.register(TRADES, SYMBOL)).isEqualTo("OPSP0002");
        Await.until(
                "KIS pushes the trades",
                () -> registration("strategy-a", TRADES, SYMBOL)
                        .path("mode")
                        .asString()
                        .equals("push"));
        var figures = client("strategy-a");
        assertThat(figures.path("registrations")).hasSize(3);
        assertThat(figures.path("socket").path("address").asString()).isEqualTo("127.0.0.1");
        assertThat(OffsetDateTime.parse(figures.path("socket").path("since").asString()))
                .isAfter(OffsetDateTime.parse(clients().path("since").asString()));
        var pushed = registration("strategy-a", TRADES, SYMBOL);
        assertThat(pushed.path("interval_ms").isNull()).isTrue();
        assertThat(pushed.path("why").asString()).contains("KIS pushes it on K1");
        assertThat(registration("strategy-a", NOTICES, client.htsId)
                        .path("mode")
                        .asString())
                .isEqualTo("gateway");
        assertThat(lastFrame(NOTICES, client.htsId)).as("no order yet").isEmpty();
        Await.until("a trade was sent", () -> lastFrame(TRADES, SYMBOL).isPresent());
        var earlier = lastFrame(TRADES, SYMBOL).orElseThrow();
        assertThat(earlier)
                .isAfter(OffsetDateTime.parse(
                        figures.path("socket").path("since").asString()));
        Await.until(
                "another was sent",
                () -> lastFrame(TRADES, SYMBOL).orElseThrow().isAfter(earlier));
        client.order("TTTC0012U", SYMBOL, "00", 1, low());
        Await.until("a notice was sent", () -> lastFrame(NOTICES, client.htsId).isPresent());
        assertThat(figures.path("refusals").path(0).path("code").asString()).isEqualTo("OPSP0002");

        // 82 trades have no room in the 41 registrations of the account.
        var second = newClient("strategy-b", "--role", "quote");
        var crowded = socket(second);
        var wanted = symbols(82);
        var third = socket(newClient("strategy-c", "--role", "quote"));
        for (int i = 0; i < 41; i++) {
            crowded.register(TRADES, wanted.get(i));
            third.register(TRADES, wanted.get(41 + i));
        }
        var all = new ArrayList<JsonNode>();
        client("strategy-b").path("registrations").forEach(all::add);
        client("strategy-c").path("registrations").forEach(all::add);
        var polled = all.stream()
                .filter(each -> each.path("mode").asString().equals("poll"))
                .toList();
        assertThat(all).hasSize(82);
        assertThat(polled).hasSizeGreaterThanOrEqualTo(41);
        assertThat(polled).allSatisfy(each -> {
            assertThat(each.path("interval_ms").asLong()).isPositive();
            assertThat(each.path("why").asString())
                    .contains("polled every", "programs at the KIS-compatible port get each polled value as a frame");
        });
        assertThat(clients().path("totals").path("registrations").asLong()).isEqualTo(85);
        assertThat(clients().path("totals").path("sockets").asLong()).isEqualTo(3);
        assertThat(gateway.gateway().meters().value("face.registrations")).isEqualTo(85);
        var demand =
                gateway.json("/v1/session/pool?symbol=" + SYMBOL).path("demand").path(0);
        assertThat(demand.path("programs").asLong()).as(demand.toString()).isEqualTo(wanted.contains(SYMBOL) ? 2 : 1);

        first.close();
        Await.until(
                "the session is gone", () -> client("strategy-a").path("socket").isNull());
        assertThat(client("strategy-a").path("registrations")).isEmpty();
    }

    private Optional<OffsetDateTime> lastFrame(String trId, String trKey) {
        return Optional.of(registration("strategy-a", trId, trKey).path("last_frame_at"))
                .filter(JsonNode::isString)
                .map(at -> OffsetDateTime.parse(at.asString()));
    }

    private JsonNode registration(String name, String trId, String trKey) {
        return client(name)
                .path("registrations")
                .valueStream()
                .filter(each -> each.path("tr_id").asString().equals(trId)
                        && each.path("tr_key").asString().equals(trKey))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> symbols(int count) {
        return Instruments.load().all().stream()
                .sorted(java.util.Comparator.comparingLong(kr.kisgateway.market.Instrument::turnover)
                        .reversed())
                .limit(count)
                .map(instrument -> instrument.symbol().code())
                .toList();
    }

    @Test
    void the_trace_has_the_last_fifty_calls_newest_first_and_no_secret() {
        for (int i = 0; i < 60; i++) {
            client.price(SYMBOL);
        }
        client.balance();
        client.get("/uapi/" + "x".repeat(300), client.headers("x" + client.appSecret), Map.of());
        var trace = trace("strategy-a");
        var recent = trace.path("recent");
        assertThat(recent).hasSize(50);
        assertThat(recent.path(0).path("call").asString()).isEqualTo("?");
        assertThat(recent.path(0).path("tr_id").asString()).isEqualTo("?");
        assertThat(recent.path(0).path("code").asString()).isEqualTo("OPSQ0002");
        assertThat(recent.path(1).path("call").asString()).isEqualTo("inquire-balance");
        assertThat(recent.path(1).path("tr_id").asString()).isEqualTo("TTTC8434R");
        assertThat(recent.path(1).path("source").asString()).isEqualTo("kis");
        assertThat(recent.path(1).path("ms").asDouble()).isPositive();
        assertThat(recent.path(1).path("code").isNull()).isTrue();
        assertThat(recent.path(2).path("source").asString()).isEqualTo("cache");
        assertThat(trace.path("client").path("calls").asLong()).isEqualTo(63);
        assertThat(trace.toString() + clients())
                .doesNotContain(client.appKey, client.appSecret, client.token(), client.cano);
        var unknown = gateway.operate("GET", "/v1/face/clients/nothing", "");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(gateway.tree(unknown).path("code").asString()).isEqualTo("KEY_NOT_FOUND");
    }

    @Test
    void the_figures_are_those_of_a_day_in_seoul() {
        client.price(SYMBOL);
        gateway.jump(Duration.ofDays(1));
        client.login();
        assertThat(client("strategy-a").path("calls").asLong()).isEqualTo(1);
        assertThat(clients().path("totals").path("calls").asLong()).isEqualTo(1);
        assertThat(clients().path("since").asString()).contains("T00:00");
        KeyCommands.printed(folder, List.of("revoke", "strategy-a"));
        Await.until(
                "it is revoked",
                () -> client("strategy-a").path("state").asString().equals("REVOKED"));
        gateway.jump(Duration.ofDays(1));
        assertThat(clients()
                        .path("clients")
                        .valueStream()
                        .map(each -> each.path("name").asString()))
                .doesNotContain("strategy-a");
    }

    @Test
    void without_the_port_there_are_no_programs() {
        gateway.close();
        gateway = GatewayFixture.start(folder, Map.of("KIS_FACE", "false"));
        var none = clients();
        assertThat(none.path("port").isNull()).isTrue();
        assertThat(none.path("clients")).isEmpty();
    }
}
