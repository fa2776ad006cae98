package kr.kisgateway.acceptance;

import static kr.kisgateway.acceptance.Programs.SHORT_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.gatewayclient.GatewayStream;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What clients of the stream receive during each fault of the feed. */
@Requirement("I-01")
@Tag("slow")
class StreamFaultTest {
    private static final String SYMBOL = "005930";

    @TempDir
    static Path folder;

    private static Simulator simulator;
    private static Running gateway;
    private static OpenApi contract;

    @BeforeAll
    static void start() {
        simulator = Programs.simulator(folder, "--ticks", "40");
        // For that long the pushed price of a lost registration still counts as fresh.
        gateway = Running.start(Programs.gateway(folder, simulator).withEnvironment("QUOTE_STALE_AFTER", "1s"));
        contract = new OpenApi(gateway.get("/openapi.json"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        simulator.close();
    }

    @AfterEach
    void heal() {
        simulator.fault("{\"clear\":true}");
        gateway.ready();
    }

    @Test
    @Requirement(value = "I-01", clause = "marked")
    void a_cut_marks_a_gap_on_every_channel_reports_the_session_and_serves_quotes_from_rest() {
        try (var stream = subscribe("quotes", "trades", "books", "session")) {
            gateway.await(
                    "/v1/quotes/" + SYMBOL,
                    "a pushed quote",
                    quote -> quote.path("source").asString().equals("kis-ws"));
            // No data is pushed before the fault is cleared, however soon the socket is back.
            simulator.fault("{\"stop_data\":true,\"drop_sockets\":true}");
            var down = stream.await(
                    "the session to be down",
                    m -> isOn(m, "session") && !m.path("connected").asBoolean(true),
                    SHORT_TIMEOUT);
            assertThat(contract.violations("StreamSession", down)).isEmpty();
            var meanwhile = gateway.await(
                    "/v1/quotes/" + SYMBOL,
                    "a quote by REST",
                    quote -> quote.path("source").asString().equals("kis-rest"));
            assertThat(meanwhile.path("state").asString()).isEqualTo("HEALTHY");
            assertThat(meanwhile.path("price").asLong()).isPositive();

            simulator.fault("{\"stop_data\":false}");
            stream.await(
                    "the session to be up",
                    m -> isOn(m, "session") && m.path("connected").asBoolean(),
                    SHORT_TIMEOUT);
            for (var channel : List.of("quotes", "trades", "books")) {
                assertGapThenRecovery(stream, channel, "RECONNECT");
            }
        }
    }

    @Test
    void silence_is_reported_with_its_cause() {
        // A gateway of its own: it treats a socket without data as dead, which would break the other tests.
        var ownFolder = createFolder("silent");
        try (var broker = Programs.simulator(ownFolder, "--ticks", "40");
                var server =
                        Running.start(Programs.gateway(ownFolder, broker).withEnvironment("KIS_WS_SILENCE", "3s"));
                var stream = subscribe(server, "quotes", "trades")) {
            broker.fault("{\"freeze_sockets\":true}");
            assertGapThenRecovery(stream, "trades", "SILENCE");
            assertGapThenRecovery(stream, "quotes", "SILENCE");
        }
    }

    @Test
    @Requirement(value = "I-01", clause = "backup")
    void a_session_taken_over_by_another_program_is_reported_and_quotes_continue_from_rest() {
        // The app key pauses for more than a minute afterwards, so this gateway is not shared.
        var ownFolder = createFolder("stolen");
        try (var broker = Programs.simulator(ownFolder, "--ticks", "40");
                var server = Running.start(Programs.gateway(ownFolder, broker));
                var stream = subscribe(server, "trades", "session")) {
            broker.fault("{\"linger_seconds\":30}");
            broker.fault("{\"drop_sockets\":true}");
            stream.await(
                    "the takeover",
                    m -> isOn(m, "session") && m.path("last_error").asString("").contains("OPSP8996"),
                    SHORT_TIMEOUT);
            server.await(
                    "/v1/quotes/" + SYMBOL,
                    "a quote by REST",
                    quote -> quote.path("source").asString().equals("kis-rest"));
            // A gap is published with the next message; until then the tape carries no gap.
            assertThat(stream.unclaimed()).noneMatch(m -> m.has("gap"));
        }
    }

    @Test
    void missing_data_on_a_healthy_socket_is_detected_by_the_volume_and_reported() {
        try (var stream = subscribe("quotes", "trades")) {
            simulator.fault("{\"stop_data\":true}");
            var before = stream.arrived();
            awaitSilence(stream, before);
            simulator.fault("{\"stop_data\":false}");
            assertGapThenRecovery(stream, "trades", "MISSED_TRADES");
            assertGapThenRecovery(stream, "quotes", "MISSED_TRADES");
        }
    }

    @Test
    void malformed_frames_are_skipped_and_lost_trades_are_marked() {
        try (var stream = subscribe("trades")) {
            simulator.fault("{\"garble_frames\":5,\"truncate_frames\":5}");
            assertGapThenRecovery(stream, "trades", "MISSED_TRADES");
            gateway.awaitLog("bad_frames count=");
        }
    }

    @Test
    void a_burst_in_one_frame_arrives_complete_and_in_order() {
        try (var stream = subscribe("trades")) {
            simulator.fault("{\"merge_records\":true}");
            var from = stream.arrived();
            Eventually.await("200 trades", SHORT_TIMEOUT, stream::arrived, n -> n > from + 200);
            var trades = stream.unclaimed();
            assertThat(trades).noneMatch(m -> m.has("gap"));
            // The first of them was consumed by the wait for it.
            assertContiguous(trades.stream()
                    .filter(m -> !m.path("snapshot").asBoolean(false))
                    .toList());
        }
    }

    private static Path createFolder(String name) {
        try {
            return java.nio.file.Files.createDirectory(folder.resolve(name));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Waits for the gap with its cause, then for messages from the gap's number on. */
    private static void assertGapThenRecovery(GatewayStream stream, String channel, String cause) {
        var gap = stream.await("the gap of " + channel, m -> isOn(m, channel) && m.has("gap"), SHORT_TIMEOUT);
        assertThat(contract.violations("StreamGap", gap)).isEmpty();
        assertThat(gap.path("gap").path("cause").asString()).as(channel).isEqualTo(cause);
        assertThat(gap.path("seq").longValue())
                .isEqualTo(gap.path("gap").path("to").longValue());
        var next = stream.await(
                "a message after the gap on " + channel,
                m -> isOn(m, channel)
                        && m.path("seq").longValue() > gap.path("seq").longValue(),
                SHORT_TIMEOUT);
        long from = next.has("gap")
                ? next.path("gap").path("from").longValue()
                : next.path("seq").longValue() - next.path("conflated").asLong(0);
        assertThat(from).isEqualTo(gap.path("seq").longValue() + 1);
    }

    /** Waits until no message has arrived for a while. */
    private static void awaitSilence(GatewayStream stream, long before) {
        var last = new long[] {before, System.nanoTime()};
        Eventually.await("silence on the stream", SHORT_TIMEOUT, stream::arrived, arrived -> {
            if (arrived != last[0]) {
                last[0] = arrived;
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > 1_000_000_000L;
        });
    }

    private static void assertContiguous(List<JsonNode> trades) {
        var last = trades.getFirst().path("seq").longValue();
        for (var trade : trades.subList(1, trades.size())) {
            assertThat(trade.path("seq").longValue()).isEqualTo(last + 1);
            last++;
        }
    }

    private static boolean isOn(JsonNode message, String channel) {
        return message.path("ch").asString("").equals(channel);
    }

    private static GatewayStream subscribe(String... channels) {
        return subscribe(gateway, channels);
    }

    private static GatewayStream subscribe(Running server, String... channels) {
        var stream = server.stream();
        stream.send("{\"op\":\"subscribe\",\"channels\":[\"" + String.join("\",\"", channels) + "\"],\"symbols\":[\""
                + SYMBOL + "\"],\"id\":\"1\"}");
        stream.await("the ack", m -> m.path("id").asString("").equals("1"), SHORT_TIMEOUT);
        stream.await(
                "a trade",
                m -> isOn(m, "trades") && !m.path("snapshot").asBoolean(false) && !m.has("gap"),
                SHORT_TIMEOUT);
        return stream;
    }
}
