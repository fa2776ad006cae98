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

/** HTTP and WebSocket clients that others wrote, unmodified, against the simulator, the gateway's stream and its events. */
class ThirdPartyClientsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** In ten minutes KIS sends five PINGPONGs or six; a socket that leaves one unanswered does not live that long. */
    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    private static String ws(String http) {
        return http.replace("http:", "ws:");
    }

    /** Time runs twenty times as fast, so that a PINGPONG comes every five seconds. */
    private Simulator fast(String columns) {
        return Programs.simulator(
                folder, "--clock", "x20@2026-11-20T10:00", "--ticks", "20", "--rate", "1000", "--columns", columns);
    }

    @ParameterizedTest
    @CsvSource({"current,47,60", "classic,46,59"})
    void a_client_like_python_kis_whose_socket_sends_its_origin_gets_ticks_books_and_notices(
            String columns, double tradeColumns, double bookColumns) {
        ThirdParty.PYTHON.require();
        try (Simulator simulator = fast(columns)) {
            JsonNode seen = listened(simulator, Duration.ofSeconds(8), Duration.ofSeconds(2));

            assertThat(seen.path("pings").asInt()).as("PINGPONGs: " + seen).isPositive();
            assertLayout(seen, tradeColumns, bookColumns);
            assertThat(seen.path("jti_is_app_key").asBoolean()).isTrue();
            assertThat(seen.path("price").asLong()).isPositive();
            assertThat(seen.path("tr_cont").asString()).isEqualTo("D");
            assertThat(seen.path("lower_case_headers").valueStream().map(JsonNode::asString))
                    .contains("gt_uid", "tr_cont", "tr_id");
        }
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"current,47,60", "classic,46,59"})
    void a_client_like_python_kis_stays_connected_for_ten_minutes(
            String columns, double tradeColumns, double bookColumns) {
        ThirdParty.PYTHON.require();
        try (Simulator simulator =
                Programs.simulator(folder, "--ticks", "20", "--rate", "1000", "--columns", columns)) {
            JsonNode seen = listened(simulator, LONG, Duration.ofSeconds(20));

            assertThat(seen.path("pings").asInt()).as("PINGPONGs: " + seen).isGreaterThanOrEqualTo(5);
            assertThat(seen.path("notices").asInt()).isGreaterThan(20);
            assertLayout(seen, tradeColumns, bookColumns);
        }
    }

    private JsonNode listened(Simulator simulator, Duration how, Duration betweenOrders) {
        JsonNode seen = ThirdParty.PYTHON.run(
                folder,
                how.plus(PATIENCE),
                "kis_websocket_client.py",
                simulator.url(),
                ws(simulator.url()),
                Long.toString(how.toSeconds()),
                Long.toString(betweenOrders.toSeconds()));
        assertThat(seen.path("closed").isNull()).as("stayed connected: " + seen).isTrue();
        assertThat(seen.path("acks").valueStream().map(JsonNode::asString))
                .as(seen.toString())
                .containsExactly("OPSP0000", "OPSP0000", "OPSP0000");
        assertThat(seen.path("refused")).as("orders").isEmpty();
        assertThat(seen.path("trades").asLong()).as("trades: " + seen).isPositive();
        assertThat(seen.path("books").asLong()).as("books: " + seen).isPositive();
        assertThat(seen.path("notices").asLong()).as("notices: " + seen).isPositive();
        return seen;
    }

    private static void assertLayout(JsonNode seen, double tradeColumns, double bookColumns) {
        assertThat(seen.path("widths").path("H0STCNT0").valueStream().map(JsonNode::asDouble))
                .containsExactly(tradeColumns);
        assertThat(seen.path("widths").path("H0STASP0").valueStream().map(JsonNode::asDouble))
                .containsExactly(bookColumns);
    }

    @Test
    void the_client_of_the_official_samples_answers_pingpong_with_a_pong_frame_and_stays() {
        ThirdParty.PYTHON.require();
        try (Simulator simulator = fast("current")) {
            JsonNode seen = ThirdParty.PYTHON.run(
                    folder, PATIENCE, "kis_websockets.py", simulator.url(), ws(simulator.url()), "13");

            assertThat(seen.path("closed").isNull()).as(seen.toString()).isTrue();
            assertThat(seen.path("pings").asInt()).as(seen.toString()).isGreaterThanOrEqualTo(2);
            assertThat(seen.path("trades").asLong()).as(seen.toString()).isPositive();
            assertThat(seen.path("books").asLong()).as(seen.toString()).isPositive();
        }
    }

    @Test
    void python_s_clients_read_the_gateway_s_stream_its_events_and_its_calls() throws Exception {
        ThirdParty.PYTHON.require();
        try (Running gateway = gateway()) {
            String http = url(gateway);

            JsonNode seen = ThirdParty.PYTHON.run(folder, PATIENCE, "gateway.py", http, ws(http));

            assertThat(seen.path("websockets_subprotocol").asString()).isEqualTo("kis-gateway.v1");
            assertThat(seen.path("websockets_hello").asString()).isEqualTo("hello");
            assertThat(seen.path("websockets_quote").path("s").asString()).isEqualTo("005930");
            assertThat(seen.path("websocket_client_hello").asString()).isEqualTo("hello");
            assertThat(seen.path("websocket_client_answers").path(0).asString()).isEqualTo("ack");
            assertThat(seen.path("foreign_origin").asInt()).isEqualTo(403);
            assertThat(seen.path("events_type").asString()).startsWith("text/event-stream");
            assertThat(seen.path("events").valueStream().map(JsonNode::asString))
                    .startsWith("hello")
                    .contains("quotes");
            assertThat(seen.path("quote_status").asInt()).isEqualTo(200);
            assertThat(seen.path("quote_symbol").asString()).isEqualTo("005930");
            assertThat(seen.path("orders").valueStream().map(JsonNode::asInt)).containsExactly(200, 200);
            assertThat(seen.path("one_order").asBoolean())
                    .as("one key, one order")
                    .isTrue();
        }
    }

    @Test
    void node_s_ws_reads_the_simulator_the_gateway_s_stream_and_its_events() throws Exception {
        ThirdParty.NODE.require();
        try (Running gateway = gateway()) {
            String http = url(gateway);
            String kis = "http://127.0.0.1:" + gateway.program().simulatorPort();

            JsonNode seen = ThirdParty.NODE.run(folder, PATIENCE, "clients.cjs", kis, ws(kis), http, ws(http));

            assertThat(seen.path("kis").asString()).isEqualTo("OPSP0000");
            assertThat(seen.path("kisForeignOrigin").asInt()).isEqualTo(403);
            assertThat(seen.path("stream").valueStream().map(JsonNode::asString))
                    .startsWith("hello", "ack");
            assertThat(seen.path("streamForeignOrigin").asInt()).isEqualTo(403);
            assertThat(seen.path("events").asBoolean()).isTrue();
            assertThat(seen.path("quote").asString()).isEqualTo("005930");
        }
    }

    private Running gateway() throws Exception {
        return Running.start(Programs.gateway(Files.createDirectory(folder.resolve("gateway"))));
    }

    private static String url(Running gateway) {
        return "http://127.0.0.1:" + gateway.program().gatewayPort();
    }
}
