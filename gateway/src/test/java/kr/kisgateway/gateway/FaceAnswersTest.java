package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RestCall;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every query of the catalog, sent to the simulator and through the face: the same answer, and nothing of the real account. */
@Tag("slow")
class FaceAnswersTest {
    private static final String CANO = "87654321";
    private static final String HTS_ID = "owner77";
    private static final String APP_KEY = "PRIVATEAPPKEYPRIVATEAPPKEYPRIVATE123";
    private static final String APP_SECRET = "privateappsecret".repeat(11) + "1234";
    private static final Catalog CATALOG = Catalog.load();

    @TempDir
    static Path folder;

    private static HttpClient http;
    private static GatewayFixture gateway;
    private static FaceClient face;
    private static FaceClient broker;

    @BeforeAll
    static void start() {
        http = HttpClient.newHttpClient();
        gateway = GatewayFixture.start(
                folder,
                Map.of(
                        "KIS_ENV",
                        "sim",
                        "SIMULATOR_RATE_LIMIT",
                        "5000",
                        "SIMULATOR_CLOCK",
                        "open-fixed",
                        "KIS_APP_KEY",
                        APP_KEY,
                        "KIS_APP_SECRET",
                        APP_SECRET,
                        "KIS_ACCOUNT_NO",
                        CANO + "-01",
                        "KIS_HTS_ID",
                        HTS_ID));
        gateway.awaitReady();
        var port = gateway.gateway();
        face = FaceClient.withNewKey(
                http,
                folder,
                URI.create("http://127.0.0.1:" + port.facePort().orElseThrow()),
                "all-calls",
                "--role",
                "trade",
                "--shared");
        Await.until("the gateway knows the key", () -> face.login().statusCode() == 200);
        // The same account through another app key, as the broker itself answers.
        broker = new FaceClient(
                http,
                URI.create("http://127.0.0.1:" + port.simulatorPort().orElseThrow()),
                "DIRECTAPPKEYDIRECTAPPKEYDIRECTAPPKEY",
                "directappsecret".repeat(12),
                CANO,
                "01",
                HTS_ID);
        assertThat(broker.login().statusCode()).isEqualTo(200);
        assertThat(FaceClient.code(face.order("TTTC0012U", "005930", "01", 2, 0)))
                .isEqualTo("APBK0013");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        http.close();
    }

    static Stream<Arguments> queries() {
        return CATALOG.restCalls().stream()
                .filter(call -> call.method().equals("GET"))
                .flatMap(call -> call.trIds().stream()
                        .flatMap(id -> id.live().stream())
                        .limit(1)
                        .map(trId -> arguments(call.id(), trId)));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void the_face_answers_a_query_as_the_broker_does(String id, String trId) {
        RestCall call = CATALOG.restById(id).orElseThrow();
        HttpResponse<String> direct = send(broker, call, trId);
        HttpResponse<String> shared = send(face, call, trId);

        assertThat(shared.statusCode()).as(shared.body()).isEqualTo(direct.statusCode());
        for (String header : List.of("tr_id", "tr_cont")) {
            assertThat(shared.headers().firstValue(header))
                    .as(header)
                    .isEqualTo(direct.headers().firstValue(header));
        }
        JsonNode expected = FaceClient.tree(direct);
        JsonNode answered = FaceClient.tree(shared);
        for (String field : List.of("rt_cd", "msg_cd", "msg1")) {
            assertThat(answered.path(field)).as(field).isEqualTo(expected.path(field));
        }
        assertThat(columns(answered)).isEqualTo(columns(expected));
        assertNothingReal(shared);
    }

    /** Names and kinds of all columns; rows of a list count once, because a market moves between two calls. */
    private static TreeSet<String> columns(JsonNode node) {
        var names = new TreeSet<String>();
        addColumns("", node, names);
        return names;
    }

    private static void addColumns(String path, JsonNode node, TreeSet<String> names) {
        if (node.isObject()) {
            node.properties().forEach(each -> addColumns(path + "/" + each.getKey(), each.getValue(), names));
        } else if (node.isArray()) {
            node.valueStream().limit(1).forEach(row -> addColumns(path + "[]", row, names));
        } else {
            names.add(path + ":" + node.getNodeType());
        }
    }

    private static HttpResponse<String> send(FaceClient client, RestCall call, String trId) {
        Map<String, String> query = new LinkedHashMap<>();
        for (RestCall.Param param : call.params()) {
            query.put(
                    param.name(),
                    switch (param.name()) {
                        case "CANO" -> client.cano;
                        case "ACNT_PRDT_CD" -> "01";
                        case "USER_ID", "user_id" -> client.htsId;
                        default ->
                            Optional.<String>empty()
                                    .or(param::fixed)
                                    .or(param::example)
                                    .or(param::preset)
                                    .orElse("");
                    });
        }
        return client.get(call.path(), client.headers(trId), query);
    }

    private static void assertNothingReal(HttpResponse<String> answer) {
        for (String real : List.of(CANO, HTS_ID, APP_KEY, APP_SECRET)) {
            assertThat(answer.body()).doesNotContain(real);
            assertThat(answer.headers().map().toString()).doesNotContain(real);
        }
    }

    @Test
    void pages_follow_each_other_by_keys_that_carry_no_account() {
        var query = broker.account();
        query.putAll(Map.of("BASS_DT", "20261122", "CTX_AREA_NK", "", "CTX_AREA_FK", ""));
        HttpResponse<String> first =
                face.get("/uapi/domestic-stock/v1/quotations/chk-holiday", face.headers("CTCA0903R"), query);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertNothingReal(first);
        var stolen = face.account();
        stolen.put("CTX_AREA_FK100", "0123456789abcdef0123");
        HttpResponse<String> foreign =
                face.get("/uapi/domestic-stock/v1/trading/inquire-balance", face.headers("TTTC8434R"), stolen);
        assertThat(FaceClient.code(foreign)).isEqualTo("OPSQ2002");
    }
}
