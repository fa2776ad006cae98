package kr.kisgateway.acceptance;

import static kr.kisgateway.acceptance.Programs.SOON;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What clients of the stream see of each fault of the feed. */
@Requirement("I-01")
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
        // A pushed price of a lost registration counts as good for that long.
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
    void cut_every_channel_marks_its_gap_the_session_tells_and_quotes_come_from_rest_meanwhile() {
        try (var stream = listening("quotes", "trades", "books", "session")) {
            assertThat(gateway.get("/v1/quotes/" + SYMBOL).path("source").asString())
                    .isEqualTo("kis-ws");
            // Nothing is pushed before it is switched back, however soon the socket stands again.
            simulator.fault("{\"stop_data\":true,\"drop_sockets\":true}");
            var down = stream.await(
                    "the session to be down",
                    m -> is(m, "session") && !m.path("connected").asBoolean(true),
                    SOON);
            assertThat(contract.wrong("StreamSession", down)).isEmpty();
            var meanwhile = gateway.await(
                    "/v1/quotes/" + SYMBOL,
                    "a quote by REST",
                    quote -> quote.path("source").asString().equals("kis-rest"));
            assertThat(meanwhile.path("state").asString()).isEqualTo("HEALTHY");
            assertThat(meanwhile.path("price").asLong()).isPositive();

            simulator.fault("{\"stop_data\":false}");
            stream.await(
                    "the session to be up",
                    m -> is(m, "session") && m.path("connected").asBoolean(),
                    SOON);
            for (var channel : List.of("quotes", "trades", "books")) {
                heals(stream, channel, "RECONNECT");
            }
        }
    }

    @Test
    void silence_is_told_as_what_it_was() {
        // Of its own: it takes a socket without data for dead, which others want to stand.
        var own = own("silent");
        try (var broker = Programs.simulator(own, "--ticks", "40");
                var server = Running.start(Programs.gateway(own, broker).withEnvironment("KIS_WS_SILENCE", "3s"));
                var stream = listening(server, "quotes", "trades")) {
            broker.fault("{\"freeze_sockets\":true}");
            heals(stream, "trades", "SILENCE");
            heals(stream, "quotes", "SILENCE");
        }
    }

    @Test
    @Requirement(value = "I-01", clause = "backup")
    void a_session_taken_by_another_is_told_and_quotes_go_on_from_rest() {
        // The app key is left alone for a minute and more then: nothing that others use.
        var own = own("stolen");
        try (var broker = Programs.simulator(own, "--ticks", "40");
                var server = Running.start(Programs.gateway(own, broker));
                var stream = listening(server, "trades", "session")) {
            broker.fault("{\"linger_seconds\":30}");
            broker.fault("{\"drop_sockets\":true}");
            stream.await(
                    "the theft",
                    m -> is(m, "session") && m.path("last_error").asString("").contains("OPSP8996"),
                    SOON);
            server.await(
                    "/v1/quotes/" + SYMBOL,
                    "a quote by REST",
                    quote -> quote.path("source").asString().equals("kis-rest"));
            // A gap is told with what follows it; until then nobody is told that the tape went on.
            assertThat(stream.unclaimed()).noneMatch(m -> m.has("gap"));
        }
    }

    @Test
    void a_gap_in_the_data_of_a_socket_that_stands_shows_in_the_volume_and_is_told() {
        try (var stream = listening("quotes", "trades")) {
            simulator.fault("{\"stop_data\":true}");
            var before = stream.arrived();
            quiet(stream, before);
            simulator.fault("{\"stop_data\":false}");
            heals(stream, "trades", "MISSED_TRADES");
            heals(stream, "quotes", "MISSED_TRADES");
        }
    }

    @Test
    void garbage_is_skipped_and_what_it_cost_is_marked() {
        try (var stream = listening("trades")) {
            simulator.fault("{\"garble_frames\":5,\"truncate_frames\":5}");
            heals(stream, "trades", "MISSED_TRADES");
            gateway.awaitLog("bad_frames count=");
        }
    }

    @Test
    void a_burst_in_one_frame_arrives_whole_and_in_its_order() {
        try (var stream = listening("trades")) {
            simulator.fault("{\"merge_records\":true}");
            var from = stream.arrived();
            Eventually.see("200 trades", SOON, stream::arrived, n -> n > from + 200);
            var trades = stream.unclaimed();
            assertThat(trades).noneMatch(m -> m.has("gap"));
            // The first of them was claimed by the wait for it.
            dense(trades.stream()
                    .filter(m -> !m.path("snapshot").asBoolean(false))
                    .toList());
        }
    }

    private static Path own(String name) {
        try {
            return java.nio.file.Files.createDirectory(folder.resolve(name));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The gap comes with its cause, then the channel goes on from the gap's number. */
    private static void heals(GatewayStream stream, String channel, String cause) {
        var gap = stream.await("the gap of " + channel, m -> is(m, channel) && m.has("gap"), SOON);
        assertThat(contract.wrong("StreamGap", gap)).isEmpty();
        assertThat(gap.path("gap").path("cause").asString()).as(channel).isEqualTo(cause);
        assertThat(gap.path("seq").longValue())
                .isEqualTo(gap.path("gap").path("to").longValue());
        var next = stream.await(
                "what follows on " + channel,
                m -> is(m, channel)
                        && m.path("seq").longValue() > gap.path("seq").longValue(),
                SOON);
        long from = next.has("gap")
                ? next.path("gap").path("from").longValue()
                : next.path("seq").longValue() - next.path("conflated").asLong(0);
        assertThat(from).isEqualTo(gap.path("seq").longValue() + 1);
    }

    /** Waits until nothing has come for a while. */
    private static void quiet(GatewayStream stream, long before) {
        var last = new long[] {before, System.nanoTime()};
        Eventually.see("silence on the stream", SOON, stream::arrived, arrived -> {
            if (arrived != last[0]) {
                last[0] = arrived;
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > 1_000_000_000L;
        });
    }

    private static void dense(List<JsonNode> trades) {
        var last = trades.getFirst().path("seq").longValue();
        for (var trade : trades.subList(1, trades.size())) {
            assertThat(trade.path("seq").longValue()).isEqualTo(last + 1);
            last++;
        }
    }

    private static boolean is(JsonNode message, String channel) {
        return message.path("ch").asString("").equals(channel);
    }

    private static GatewayStream listening(String... channels) {
        return listening(gateway, channels);
    }

    private static GatewayStream listening(Running server, String... channels) {
        var stream = server.stream();
        stream.send("{\"op\":\"subscribe\",\"channels\":[\"" + String.join("\",\"", channels) + "\"],\"symbols\":[\""
                + SYMBOL + "\"],\"id\":\"1\"}");
        stream.await("the ack", m -> m.path("id").asString("").equals("1"), SOON);
        stream.await("a trade", m -> is(m, "trades") && !m.path("snapshot").asBoolean(false) && !m.has("gap"), SOON);
        return stream;
    }
}
