package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.TreeMap;
import kr.kisgateway.api.json.ApiJson;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** KIS's APIs by their names: each that reads, within role, account and symbols of the caller. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("slow")
class KisApisTest {
    private static final String PRICE = "/v1/kis/apis/domestic_stock_inquire_price";
    private static final String BALANCE = "/v1/kis/apis/domestic_stock_inquire_balance";
    private static final String SAMSUNG =
            "{\"parameters\":{\"fid_cond_mrkt_div_code\":\"J\",\"FID_INPUT_ISCD\":\"005930\"}}";

    private GatewayFixture gateway;
    private Path folder;

    @BeforeAll
    void start(@TempDir Path folder) {
        this.folder = folder;
        gateway = GatewayFixture.start(folder, "--simulator-clock=open-fixed");
        gateway.awaitReady();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private String key(String name, String scope) {
        var created = gateway.operate("POST", "/v1/keys", "{\"name\":\"" + name + "\"," + scope + "}");
        return gateway.tree(created).path("key").asString();
    }

    private HttpResponse<String> as(String key, String path, String body) {
        return gateway.send("POST", path, body, "X-API-Key", key);
    }

    /** The account at the simulated broker. */
    private String account() throws IOException {
        try (var files = Files.walk(folder)) {
            var identity = files.filter(it -> it.endsWith(BrokerModule.IDENTITY))
                    .findFirst()
                    .orElseThrow();
            var digits = HexFormat.fromHexDigits(Files.readString(identity).substring(0, 7)) % 100_000_000;
            return "%08d".formatted(digits);
        }
    }

    private static String code(HttpResponse<String> answer) {
        return ApiJson.tree(answer.body()).path("code").asString("");
    }

    @Test
    void apis_are_found_by_words_and_described_with_their_parameters() {
        var found =
                gateway.get("/v1/kis/apis?q=" + "%EC%A3%BC%EC%8B%9D%ED%98%84%EC%9E%AC%EA%B0%80%20%EC%8B%9C%EC%84%B8");
        gateway.contract().check("GET", "/v1/kis/apis", found);
        assertThat(gateway.tree(found)
                        .path("apis")
                        .valueStream()
                        .map(it -> it.path("name").asString()))
                .contains("domestic_stock_inquire_price");
        assertThat(gateway.json("/v1/kis/apis?q=FHKST01010100").path("total").asInt())
                .isEqualTo(1);
        var details = gateway.get(PRICE);
        gateway.contract().check("GET", "/v1/kis/apis/{name}", details);
        assertThat(gateway.tree(details)
                        .path("parameters")
                        .valueStream()
                        .map(it -> it.path("name").asString()))
                .containsExactly("FID_COND_MRKT_DIV_CODE", "FID_INPUT_ISCD");
        assertThat(gateway.get("/v1/kis/apis/nothing").statusCode()).isEqualTo(404);
        assertThat(gateway.json("/v1/kis/apis?category=auth").path("total").asInt())
                .isZero();
    }

    @Test
    void a_query_is_answered_as_kis_answers_it_within_the_budget() {
        var answer = gateway.send("POST", PRICE, SAMSUNG);
        gateway.contract().check("POST", "/v1/kis/apis/{name}", answer);
        var body = gateway.tree(answer).path("body");
        assertThat(body.path("rt_cd").asString()).isEqualTo("0");
        assertThat(body.at("/output/stck_prpr").asString()).matches("[1-9][0-9]+");
        assertThat(gateway.tree(answer).path("tr_id").asString()).isEqualTo("FHKST01010100");
        long before = gateway.brokerCalls("/inquire-price");
        gateway.send("POST", "/v1/kis/apis/FHKST01010100", SAMSUNG);
        assertThat(gateway.brokerCalls("/inquire-price"))
                .as("an equal question is one call")
                .isEqualTo(before);
    }

    @Test
    void what_kis_would_refuse_is_refused_before_a_call_is_spent() {
        long before = gateway.brokerCalls("");
        for (var wrong : new String[] {
            "{}",
            "{\"parameters\":{\"FID_COND_MRKT_DIV_CODE\":\"J\"}}",
            "{\"parameters\":{\"FID_COND_MRKT_DIV_CODE\":\"J\",\"FID_INPUT_ISCD\":\"no code\"}}",
            "{\"parameters\":{\"FID_COND_MRKT_DIV_CODE\":\"J\",\"FID_INPUT_ISCD\":\"005930\",\"OTHER\":\"1\"}}",
            "{\"parameters\":{\"CANO\":\"12345678\",\"FID_COND_MRKT_DIV_CODE\":\"J\",\"FID_INPUT_ISCD\":\"005930\"}}",
            "{\"parameters\":[]}"
        }) {
            assertThat(gateway.send("POST", PRICE, wrong).statusCode())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(code(gateway.send("POST", PRICE, "{\"account_id\":\"A9\"}"))).isEqualTo("ACCOUNT_NOT_FOUND");
        assertThat(gateway.brokerCalls("")).isEqualTo(before);
    }

    @Test
    void orders_are_not_placed_by_name() {
        long before = gateway.brokerCalls("/order-cash");
        for (var name : new String[] {"domestic_stock_order_cash", "TTTC0012U"}) {
            var answer = gateway.send("POST", "/v1/kis/apis/" + name, "{\"parameters\":{\"PDNO\":\"005930\"}}");
            assertThat(code(answer)).isEqualTo("FORBIDDEN");
            assertThat(answer.body()).contains("/v1/orders");
        }
        assertThat(gateway.brokerCalls("/order-cash")).isEqualTo(before);
    }

    @Test
    void a_balance_needs_the_role_and_the_account_and_shows_no_account_number() throws IOException {
        var balance = samples("domestic_stock_inquire_balance");
        var answer = gateway.send("POST", BALANCE, balance);
        assertThat(gateway.tree(answer).at("/body/rt_cd").asString())
                .as(answer.body())
                .isEqualTo("0");
        assertThat(answer.body()).doesNotContain(account());
        assertThat(code(as(key("reader", "\"role\":\"quote\""), BALANCE, balance)))
                .isEqualTo("FORBIDDEN");
        var trader = key("trader", "\"role\":\"trade\",\"accounts\":[\"A1\"],\"symbols\":[\"000660\"]");
        assertThat(gateway.tree(as(trader, BALANCE, balance)).at("/body/rt_cd").asString())
                .isEqualTo("0");
        assertThat(code(as(trader, PRICE, SAMSUNG))).isEqualTo("FORBIDDEN");
    }

    @Test
    void each_api_that_reads_is_called_by_its_name_with_the_values_of_kis_samples() {
        var apis = gateway.json("/v1/kis/apis?limit=300").path("apis");
        var answered = new TreeMap<String, String>();
        var refused = new TreeMap<String, String>();
        for (var api : apis) {
            if (!api.path("read_only").asBoolean(false)) {
                continue;
            }
            var name = api.path("tr_ids").size() > 1
                    ? api.path("tr_ids").path(0).asString()
                    : api.path("name").asString();
            var answer = gateway.send("POST", "/v1/kis/apis/" + name, samples(name));
            var node = gateway.tree(answer);
            if (node.at("/body/rt_cd").isMissingNode()) {
                refused.put(name, node.path("message").asString(answer.body()));
            } else {
                answered.put(name, node.at("/body/rt_cd").asString());
            }
        }
        assertThat(refused).isEmpty();
        assertThat(answered.values()).containsOnly("0");
        assertThat(answered).hasSize(254);
    }

    private String samples(String name) {
        var parameters = JsonNodeFactory.instance.objectNode();
        for (JsonNode parameter : gateway.json("/v1/kis/apis/" + name).path("parameters")) {
            if (parameter.path("required").asBoolean(false)
                    && parameter.path("example").isString()) {
                parameters.set(parameter.path("name").asString(), parameter.path("example"));
            }
        }
        return JsonNodeFactory.instance
                .objectNode()
                .set("parameters", parameters)
                .toString();
    }
}
