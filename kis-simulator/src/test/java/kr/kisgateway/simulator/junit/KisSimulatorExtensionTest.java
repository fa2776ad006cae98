package kr.kisgateway.simulator.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.broker.Violation;
import org.junit.jupiter.api.MethodOrderer.MethodName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Use of the simulator in a test, with a client on the JDK alone. */
class KisSimulatorExtensionTest {
    private static final String KEY = "PSJUNIT00000000000000000000000000001";
    private static final String SECRET = "s".repeat(180);

    @Nested
    @TestMethodOrder(MethodName.class)
    class FreshForEachTest {
        @RegisterExtension
        static KisSimulatorExtension sim = KisSimulatorExtension.live()
                .with(config -> config.withSeed(7).withRates(100, 100))
                .steppedFrom(Instant.parse("2026-11-20T01:00:00Z"))
                .failingUnlessClean();

        @Test
        void a_first_order_is_listed() {
            String token = token(sim.restBase());
            assertThat(code(order(sim.restBase(), token))).isEqualTo("APBK0013");
            assertThat(rows(sim.restBase(), token)).isEqualTo(1);
        }

        @Test
        void b_second_test_begins_without_that_order(KisSimulator parameter) {
            assertThat(parameter).isSameAs(sim.simulator());
            String token = token(parameter.restBase());
            assertThat(rows(parameter.restBase(), token)).isZero();
        }

        @Test
        void c_faults_and_clock_can_be_controlled() {
            String token = token(sim.restBase());
            sim.faults().next("timeouts_before", 1);
            assertThat(code(order(sim.restBase(), token))).isEqualTo("EGW00301");

            sim.clock().advance(Duration.ofHours(25));
            assertThat(code(order(sim.restBase(), token)))
                    .as("the token is old")
                    .isEqualTo("EGW00123");
            assertThat(sim.verdict().isClean()).isTrue();
        }
    }

    @Nested
    @TestMethodOrder(MethodName.class)
    class OneForTheClass {
        @RegisterExtension
        static KisSimulatorExtension sim = KisSimulatorExtension.paper()
                .with(config -> config.withRates(100, 100))
                .onePerClass();

        private static String token = "";

        @Test
        void a_first_test_logs_in() {
            token = token(sim.restBase());
            assertThat(token).isNotEmpty();
        }

        @Test
        void b_second_test_is_still_logged_in() {
            HttpResponse<String> answer = send(
                    HttpRequest.newBuilder(sim.restBase()
                                    .resolve("/uapi/domestic-stock/v1/trading/inquire-balance?CANO=40000001"
                                            + "&ACNT_PRDT_CD=01"))
                            .header("tr_id", "VTTC8434R"),
                    token);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    @Test
    void a_test_with_a_violating_client_fails_and_names_the_violation() {
        KisSimulatorExtension strict = KisSimulatorExtension.live().failingUnlessClean();
        strict.begin();
        try {
            assertThatThrownBy(() -> {
                        String token = token(strict.restBase());
                        order(strict.restBase(), token);
                        order(strict.restBase(), token);
                        strict.verifyVerdict();
                    })
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("1 orders sent twice")
                    .hasMessageContaining("BUY 005930 1 at 150000 as 00 KRX");
        } finally {
            strict.end();
        }
    }

    @Test
    void an_allowed_violation_does_not_fail_a_test() {
        KisSimulatorExtension lenient = KisSimulatorExtension.live().failingUnlessClean(Violation.DUPLICATE_ORDERS);
        lenient.begin();
        try {
            String token = token(lenient.restBase());
            order(lenient.restBase(), token);
            order(lenient.restBase(), token);
            assertThat(lenient.verdict().count(Violation.DUPLICATE_ORDERS)).isEqualTo(1);
            lenient.verifyVerdict();
        } finally {
            lenient.end();
        }
        assertThatThrownBy(lenient::simulator).hasMessageContaining("no simulator runs now");
    }

    @Test
    void a_scenario_is_played_from_the_start() {
        KisSimulatorExtension slow = KisSimulatorExtension.live().playing("slow-broker");
        slow.begin();
        try {
            assertThat(slow.faults().json()).contains("\"fault\":\"latency_ms\"");
        } finally {
            slow.end();
        }
    }

    // ---- a client ------------------------------------------------------------------------------------------------

    private static String token(URI base) {
        return json(send(
                                HttpRequest.newBuilder(base.resolve("/oauth2/tokenP"))
                                        .POST(HttpRequest.BodyPublishers.ofString(
                                                "{\"grant_type\":\"client_credentials\",\"appkey\":\"" + KEY
                                                        + "\",\"appsecret\":\"" + SECRET + "\"}")),
                                "")
                        .body())
                .path("access_token")
                .asString();
    }

    private static String order(URI base, String token) {
        return send(
                        HttpRequest.newBuilder(base.resolve("/uapi/domestic-stock/v1/trading/order-cash"))
                                .header("tr_id", "TTTC0012U")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"CANO\":\"40000001\",\"ACNT_PRDT_CD\":\"01\",\"PDNO\":\"005930\","
                                                + "\"ORD_DVSN\":\"00\",\"ORD_QTY\":\"1\",\"ORD_UNPR\":\"150000\"}")),
                        token)
                .body();
    }

    private static int rows(URI base, String token) {
        return json(send(
                                HttpRequest.newBuilder(
                                                base.resolve(
                                                        "/uapi/domestic-stock/v1/trading/inquire-daily-ccld?CANO=40000001"
                                                                + "&ACNT_PRDT_CD=01&INQR_STRT_DT=20260101&INQR_END_DT=20291231"))
                                        .header("tr_id", "TTTC0081R"),
                                token)
                        .body())
                .path("output1")
                .size();
    }

    private static String code(String body) {
        return json(body).path("msg_cd").asString();
    }

    private static JsonNode json(String text) {
        return new JsonMapper().readTree(text);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request, String token) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    request.header("content-type", "application/json")
                            .header("authorization", "Bearer " + token)
                            .header("appkey", KEY)
                            .header("appsecret", SECRET)
                            .header("custtype", "P")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
