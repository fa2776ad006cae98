package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Third-party HTTP and WebSocket clients, unmodified, against the simulator, the gateway's stream and its events. */
@Tag("slow")
class ThirdPartyClientsTest {
    private static final Duration CLIENT_TIMEOUT = Duration.ofMinutes(2);

    /** In ten minutes KIS sends five or six PINGPONGs; a socket that leaves one unanswered is closed. */
    private static final Duration LONG_CLIENT_TIMEOUT = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    private static String ws(String http) {
        return http.replace("http:", "ws:");
    }

    /** Time runs twenty times as fast, so a PINGPONG comes every five seconds. */
    private Simulator startFastSimulator(String columns) {
        return Programs.simulator(
                folder, "--clock", "x20@2026-11-20T10:00", "--ticks", "20", "--rate", "1000", "--columns", columns);
    }

    @ParameterizedTest
    @CsvSource({"current,47,60", "classic,46,59"})
    void a_python_kis_like_client_that_sends_an_origin_receives_ticks_books_and_notices(
            String columns, double tradeColumns, double bookColumns) {
        ThirdParty.PYTHON.require();
        try (Simulator simulator = startFastSimulator(columns)) {
            JsonNode report = runListener(simulator, Duration.ofSeconds(15), Duration.ofSeconds(2));

            assertThat(report.path("pings").asInt()).as("PINGPONGs: " + report).isPositive();
            assertLayout(report, tradeColumns, bookColumns);
            assertThat(report.path("jti_is_app_key").asBoolean()).isTrue();
            assertThat(report.path("price").asLong()).isPositive();
            assertThat(report.path("tr_cont").asString()).isEqualTo("D");
            assertThat(report.path("lower_case_headers").valueStream().map(JsonNode::asString))
                    .contains("gt_uid", "tr_cont", "tr_id");
        }
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"current,47,60", "classic,46,59"})
    void a_python_kis_like_client_stays_connected_for_ten_minutes(
            String columns, double tradeColumns, double bookColumns) {
        ThirdParty.PYTHON.require();
        try (Simulator simulator =
                Programs.simulator(folder, "--ticks", "20", "--rate", "1000", "--columns", columns)) {
            JsonNode report = runListener(simulator, LONG_CLIENT_TIMEOUT, Duration.ofSeconds(20));

            assertThat(report.path("pings").asInt()).as("PINGPONGs: " + report).isGreaterThanOrEqualTo(5);
            assertThat(report.path("notices").asInt()).isGreaterThan(20);
            assertLayout(report, tradeColumns, bookColumns);
        }
    }

    private JsonNode runListener(Simulator simulator, Duration how, Duration betweenOrders) {
        JsonNode report = ThirdParty.PYTHON.run(
                folder,
                how.plus(CLIENT_TIMEOUT),
                "kis_websocket_client.py",
                simulator.url(),
                ws(simulator.url()),
                Long.toString(how.toSeconds()),
                Long.toString(betweenOrders.toSeconds()));
        assertThat(report.path("closed").isNull())
                .as("stayed connected: " + report)
                .isTrue();
        assertThat(report.path("acks").valueStream().map(JsonNode::asString))
                .as(report.toString())
                .containsExactly("OPSP0000", "OPSP0000", "OPSP0000");
        assertThat(report.path("refused")).as("orders").isEmpty();
        assertThat(report.path("trades").asLong()).as("trades: " + report).isPositive();
        assertThat(report.path("books").asLong()).as("books: " + report).isPositive();
        assertThat(report.path("notices").asLong()).as("notices: " + report).isPositive();
        return report;
    }

    private static void assertLayout(JsonNode report, double tradeColumns, double bookColumns) {
        assertThat(report.path("widths").path("H0STCNT0").valueStream().map(JsonNode::asDouble))
                .containsExactly(tradeColumns);
        assertThat(report.path("widths").path("H0STASP0").valueStream().map(JsonNode::asDouble))
                .containsExactly(bookColumns);
    }

    @Test
    void the_official_sample_client_answers_pingpong_with_a_pong_frame_and_stays_connected() {
        ThirdParty.PYTHON.require();
        try (Simulator simulator = startFastSimulator("current")) {
            JsonNode report = ThirdParty.PYTHON.run(
                    folder, CLIENT_TIMEOUT, "kis_websockets.py", simulator.url(), ws(simulator.url()), "20");

            assertThat(report.path("closed").isNull()).as(report.toString()).isTrue();
            assertThat(report.path("pings").asInt()).as(report.toString()).isGreaterThanOrEqualTo(2);
            assertThat(report.path("trades").asLong()).as(report.toString()).isPositive();
            assertThat(report.path("books").asLong()).as(report.toString()).isPositive();
        }
    }

    @Test
    void python_clients_read_the_gateways_stream_its_events_and_its_calls() throws Exception {
        ThirdParty.PYTHON.require();
        try (Running gateway = gateway()) {
            String http = url(gateway);

            JsonNode report = ThirdParty.PYTHON.run(folder, CLIENT_TIMEOUT, "gateway.py", http, ws(http));

            assertThat(report.path("websockets_subprotocol").asString()).isEqualTo("kis-gateway.v1");
            assertThat(report.path("websockets_hello").asString()).isEqualTo("hello");
            assertThat(report.path("websockets_quote").path("s").asString()).isEqualTo("005930");
            assertThat(report.path("websocket_client_hello").asString()).isEqualTo("hello");
            assertThat(report.path("websocket_client_answers").path(0).asString())
                    .isEqualTo("ack");
            assertThat(report.path("foreign_origin").asInt()).isEqualTo(403);
            assertThat(report.path("events_type").asString()).startsWith("text/event-stream");
            assertThat(report.path("events").valueStream().map(JsonNode::asString))
                    .startsWith("hello")
                    .contains("quotes");
            assertThat(report.path("quote_status").asInt()).isEqualTo(200);
            assertThat(report.path("quote_symbol").asString()).isEqualTo("005930");
            assertThat(report.path("orders").valueStream().map(JsonNode::asInt)).containsExactly(200, 200);
            assertThat(report.path("one_order").asBoolean())
                    .as("one key, one order")
                    .isTrue();
        }
    }

    @Test
    void node_ws_reads_the_simulator_the_gateways_stream_and_its_events() throws Exception {
        ThirdParty.NODE.require();
        try (Running gateway = gateway()) {
            String http = url(gateway);
            String kis = "http://127.0.0.1:" + gateway.program().simulatorPort();

            JsonNode report = ThirdParty.NODE.run(folder, CLIENT_TIMEOUT, "clients.cjs", kis, ws(kis), http, ws(http));

            assertThat(report.path("kis").asString()).isEqualTo("OPSP0000");
            assertThat(report.path("kisForeignOrigin").asInt()).isEqualTo(403);
            assertThat(report.path("stream").valueStream().map(JsonNode::asString))
                    .startsWith("hello", "ack");
            assertThat(report.path("streamForeignOrigin").asInt()).isEqualTo(403);
            assertThat(report.path("events").asBoolean()).isTrue();
            assertThat(report.path("quote").asString()).isEqualTo("005930");
        }
    }

    private Running gateway() throws Exception {
        return Running.start(Programs.gateway(Files.createDirectory(folder.resolve("gateway"))));
    }

    private static String url(Running gateway) {
        return "http://127.0.0.1:" + gateway.program().gatewayPort();
    }
}
