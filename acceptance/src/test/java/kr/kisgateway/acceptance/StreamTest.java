package kr.kisgateway.acceptance;

import static kr.kisgateway.acceptance.Programs.SHORT_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.gatewayclient.GatewayStream;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The stream, and the socket to the broker behind it, which the simulator cuts. */
@Tag("slow")
class StreamTest {
    private static final String TOKEN = "operator-of-this-test";

    @TempDir
    static Path folder;

    private static Simulator simulator;
    private static Running gateway;
    private static OpenApi contract;
    /** The gateway's own registrations. */
    private static long initialRegistrations;

    @BeforeAll
    static void start() {
        simulator = Programs.simulator(folder, "--ticks", "40");
        gateway = Running.start(Programs.gateway(folder, simulator)
                .withEnvironment("GATEWAY_OPERATOR_TOKEN", TOKEN)
                // The tests count registration slots, and statuses would fill the unused ones.
                .withEnvironment("KIS_WS_MARKET_STATUS", "off"));
        contract = new OpenApi(gateway.get("/openapi.json"));
        initialRegistrations = registrations();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        simulator.close();
    }

    @Test
    void a_connection_opens_with_hello_and_the_epoch_is_the_same_for_all() {
        try (var one = gateway.client().stream();
                var two = gateway.client().stream()) {
            var hello = one.await("the first message", m -> true, SHORT_TIMEOUT);
            assertThat(contract.violations("StreamHello", hello)).isEmpty();
            assertThat(two.await("the first message", m -> true, SHORT_TIMEOUT)).isEqualTo(hello);
        }
    }

    @Test
    void truncated_and_garbled_frames_are_skipped_and_the_session_continues() {
        try (var stream = gateway.stream()) {
            subscribe(stream, "spoiled", List.of("trades"), "005930");
            var reconnects = metric("ws_reconnect_count").asLong();
            simulator.fault("{\"truncate_frames\":5,\"garble_frames\":5}");
            Eventually.await(
                    "the bad frames in the log", SHORT_TIMEOUT, gateway::log, log -> log.contains("bad_frames count="));
            var arrivedBefore = stream.arrived();
            Eventually.await("trades behind them", SHORT_TIMEOUT, stream::arrived, n -> n > arrivedBefore + 20);
            assertThat(metric("ws_reconnect_count").asLong()).isEqualTo(reconnects);
            assertThat(metric("ws_connected").asBoolean()).isTrue();
        }
    }

    @Test
    @Requirement(value = "I-01", clause = "pushed")
    @Requirement(value = "A-19", clause = "book")
    void quotes_trades_and_books_follow_their_ack_each_with_its_own_sequence() {
        try (var stream = gateway.stream()) {
            subscribe(stream, "abc", List.of("quotes", "trades", "books"), "005930");
            Eventually.await("200 messages", SHORT_TIMEOUT, stream::arrived, n -> n > 200);
            var messages = stream.unclaimed();
            assertThat(messages.stream().map(m -> contract.violations("StreamMessage", m)))
                    .allSatisfy(wrong -> assertThat(wrong).isEmpty());
            var byChannel = messages.stream()
                    .collect(Collectors.groupingBy(m -> m.path("ch").asString()));
            assertThat(byChannel.keySet()).containsExactlyInAnyOrder("quotes", "trades", "books");
            byChannel.forEach(StreamTest::assertContiguous);
        }
    }

    @Test
    void a_later_subscriber_starts_with_a_snapshot_followed_by_every_message() {
        try (var first = gateway.stream();
                var second = gateway.stream()) {
            subscribe(first, "1", List.of("trades"), "005930");
            first.await("a trade", m -> m.path("ch").asString("").equals("trades"), SHORT_TIMEOUT);
            subscribe(second, "2", List.of("trades"), "005930");
            Eventually.await("some trades", SHORT_TIMEOUT, second::arrived, n -> n > 20);
            var messages = second.unclaimed();
            assertThat(messages.getFirst().path("snapshot").booleanValue()).isTrue();
            assertContiguous("trades", messages);
        }
    }

    @Test
    void an_unsubscribed_channel_is_released_at_the_broker_and_sends_no_more() {
        try (var stream = gateway.stream()) {
            subscribe(stream, "1", List.of("trades"), "035720");
            awaitRegistration("035720", true);
            stream.await("a trade", m -> m.path("ch").asString("").equals("trades"), SHORT_TIMEOUT);
            stream.send("{\"op\":\"unsubscribe\",\"channels\":[\"trades\"],\"symbols\":[\"035720\"],\"id\":\"2\"}");
            awaitAck(stream, "2");
            awaitRegistration("035720", false);
            var tail = stream.unclaimed().size();
            // Late messages arrive before the answer to a further request.
            stream.send("{\"op\":\"unsubscribe\",\"channels\":[\"trades\"],\"symbols\":[\"035720\"],\"id\":\"3\"}");
            awaitAck(stream, "3");
            assertThat(stream.unclaimed()).hasSizeLessThanOrEqualTo(tail);
        }
    }

    @Test
    void registrations_of_a_client_are_released_when_it_disconnects() {
        try (var stream = gateway.stream()) {
            subscribe(stream, "1", List.of("books"), "051910");
            awaitRegistration("051910", true);
        }
        awaitRegistration("051910", false);
    }

    @Test
    void an_invalid_request_is_refused_with_its_id_and_the_connection_stays_open() {
        try (var stream = gateway.stream()) {
            assertRefused(
                    stream,
                    "{\"op\":\"subscribe\",\"channels\":[\"candles\"],\"symbols\":[\"005930\"]}",
                    "INVALID_FIELD");
            assertRefused(
                    stream, "{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\"59\"]}", "INVALID_SYMBOL");
            assertRefused(
                    stream,
                    "{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\"999999\"]}",
                    "SYMBOL_NOT_FOUND");
            assertRefused(stream, "{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[]}", "MISSING_FIELD");
            assertRefused(stream, "{\"op\":\"subscribe\",\"symbols\":[\"005930\"]}", "MISSING_FIELD");
            assertRefused(
                    stream, "{\"op\":\"dance\",\"channels\":[\"trades\"],\"symbols\":[\"005930\"]}", "INVALID_FIELD");
            assertRefused(
                    stream, "{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":\"005930\"}", "INVALID_FIELD");
            assertRefused(
                    stream, "{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[5930]}", "INVALID_FIELD");
            assertRefused(
                    stream,
                    "{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\"005930\"],\"x\":1}",
                    "UNKNOWN_FIELD");
            for (var text : List.of("{", "[]", "", "{\"op\":\"subscribe\",\"op\":\"subscribe\"}", "{\"id\":NaN}")) {
                stream.send(text);
                var error = stream.await("the refusal of " + text, StreamTest::isError, SHORT_TIMEOUT);
                assertThat(error.path("error").path("code").asString()).isEqualTo("MALFORMED_JSON");
            }
            subscribe(stream, "still-there", List.of("trades"), "005930");
        }
    }

    @Test
    @Requirement(value = "A-04", clause = "places")
    @Requirement(value = "I-01", clause = "rest")
    void demands_beyond_the_41_registrations_are_polled_and_take_a_freed_slot() {
        var symbols = Stream.of(
                        "000270", "000660", "000810", "003550", "003670", "005380", "005490", "006400", "009150",
                        "010130", "010950", "011170", "012330", "015760", "017670", "018260", "024110", "028260",
                        "030200", "032830", "033780", "034020", "034730", "035420", "035720", "036570", "051900",
                        "051910", "055550", "066570", "068270", "086790", "090430", "096770", "105560", "138040",
                        "207940", "251270", "259960", "316140", "323410", "352820")
                .toList();
        Eventually.await(
                "the registrations of other tests to be released",
                SHORT_TIMEOUT,
                StreamTest::registrations,
                n -> n == initialRegistrations);
        long room = 41 - initialRegistrations;
        try (var stream = gateway.stream()) {
            var registeredSymbols = symbols.subList(0, (int) room);
            subscribe(stream, "fits", List.of("trades"), registeredSymbols.toArray(String[]::new));
            assertThat(registrations()).isEqualTo(41);
            var over = symbols.subList((int) room, (int) room + 2);
            stream.send("{\"op\":\"subscribe\",\"id\":\"over\",\"channels\":[\"quotes\"],\"symbols\":[\""
                    + String.join("\",\"", over) + "\"]}");
            assertThat(awaitAck(stream, "over").path("mode").asString()).isEqualTo("poll");
            assertThat(registrations()).isEqualTo(41);
            for (var symbol : over) {
                var polled = stream.await(
                        "a polled price of " + symbol + "",
                        m -> m.path("s").asString("").equals(symbol) && m.has("p"),
                        SHORT_TIMEOUT);
                assertThat(contract.violations("StreamQuote", polled)).isEmpty();
            }
            var why = gateway.get("/v1/session/pool?symbol=" + over.getFirst());
            assertThat(contract.violations("SessionPool", why)).isEmpty();
            assertThat(why.at("/demand/0/reason").asString()).isEqualTo("OUTWEIGHED");
            // A slot that becomes free goes to one of them, and the change is published.
            stream.send("{\"op\":\"unsubscribe\",\"channels\":[\"trades\"],\"symbols\":[\""
                    + registeredSymbols.getLast() + "\"]}");
            var pushed = stream.await(
                    "the change to push", m -> m.path("op").asString("").equals("mode"), SHORT_TIMEOUT);
            assertThat(contract.violations("StreamMode", pushed)).isEmpty();
            assertThat(pushed.path("mode").asString()).isEqualTo("push");
            assertThat(over).contains(pushed.path("s").asString());
            // A quote needs no registration and is still answered.
            assertThat(gateway.client().get("/v1/quotes/" + over.getLast()).ok())
                    .isTrue();
        }
        Eventually.await(
                "the registrations to be released",
                SHORT_TIMEOUT,
                StreamTest::registrations,
                n -> n == initialRegistrations);
    }

    @Test
    void an_open_order_is_in_the_snapshot_and_its_cancel_is_published() {
        var id = gateway.placed("stream-rest", "003490", "BUY", 2, Optional.of(20_000L));
        gateway.awaitStatus(id, "SENT");
        try (var stream = gateway.stream()) {
            stream.send("{\"op\":\"subscribe\",\"channels\":[\"orders\",\"executions\"],\"id\":\"o\"}");
            awaitAck(stream, "o");
            var snapshot = stream.await(
                    "the open order", m -> m.path("order_id").asString("").equals(id), SHORT_TIMEOUT);
            assertThat(snapshot.path("snapshot").booleanValue()).isTrue();
            assertThat(contract.violations("StreamOrder", snapshot)).isEmpty();
            gateway.client().post("/v1/orders/" + id + "/cancel", "{}");
            var canceled = stream.await(
                    "the cancel",
                    m -> m.path("order_id").asString("").equals(id)
                            && m.path("status").asString("").equals("CANCELED"),
                    SHORT_TIMEOUT);
            assertThat(canceled.path("seq").longValue())
                    .isGreaterThan(snapshot.path("seq").longValue());
        }
    }

    @Test
    void a_client_that_never_reads_does_not_affect_other_clients() {
        try (var stalledClient = gateway.stream();
                var reader = gateway.stream()) {
            subscribe(stalledClient, "1", List.of("quotes", "trades", "books"), "005930");
            stalledClient.pause();
            subscribe(reader, "1", List.of("trades"), "005930");
            long from = reader.arrived();
            Eventually.await("200 trades", SHORT_TIMEOUT, reader::arrived, n -> n > from + 200);
            assertContiguous("trades", reader.unclaimed());
            assertThat(reader.unclaimed()).noneMatch(m -> m.has("gap"));
        }
    }

    @Test
    @Requirement(value = "G-11", clause = "session")
    @Requirement(value = "G-11", clause = "token")
    @Requirement(value = "G-11", clause = "ack")
    @Requirement(value = "G-09", clause = "figures")
    @Requirement(value = "I-01", clause = "fills")
    @Requirement(value = "A-19", clause = "reconnect")
    void a_broken_socket_is_marked_as_a_gap_and_recovers_and_missed_fills_are_reconciled() {
        var reconnects = metric("ws_reconnect_count").longValue();
        var resting = gateway.placed("stream-gap", "003490", "BUY", 1, Optional.of(20_000L));
        gateway.awaitStatus(resting, "SENT");
        try (var stream = gateway.stream()) {
            stream.send("{\"op\":\"subscribe\",\"channels\":[\"trades\",\"executions\"],\"symbols\":[\"005930\"],"
                    + "\"id\":\"g\"}");
            awaitAck(stream, "g");
            stream.await("a trade", m -> m.path("ch").asString("").equals("trades"), SHORT_TIMEOUT);
            simulator.fault("{\"lose_notices\":3}"); // the receipt and the fill of the next order are not reported
            var lost = gateway.placed("stream-lost", "003490", "BUY", 1, Optional.empty());
            Eventually.await(
                    "the broker to have filled it",
                    SHORT_TIMEOUT,
                    () -> gateway.get("/v1/positions?account_id=A1"),
                    all -> all.valueStream()
                            .anyMatch(p -> p.path("symbol").asString().equals("003490")));
            simulator.fault("{\"lose_notices\":0,\"drop_sockets\":true}");

            var gap = stream.await("the gap", m -> m.has("gap"), SHORT_TIMEOUT);
            assertThat(contract.violations("StreamGap", gap)).isEmpty();
            assertThat(gap.path("gap").path("cause").asString()).isEqualTo("RECONNECT");
            Eventually.await(
                    "the reconnect to be counted",
                    SHORT_TIMEOUT,
                    () -> metric("ws_reconnect_count").longValue(),
                    n -> n == reconnects + 1);
            stream.await(
                    "a trade after the gap",
                    m -> m.path("ch").asString("").equals("trades")
                            && m.path("seq").longValue() > gap.path("seq").longValue(),
                    SHORT_TIMEOUT);
            stream.await(
                    "the fill without a notice",
                    m -> m.path("ch").asString("").equals("executions")
                            && m.path("order_id").asString("").equals(lost),
                    SHORT_TIMEOUT);
            gateway.awaitStatus(lost, "FILLED");
        }
        gateway.ready();
        Eventually.await("the error to be cleared", SHORT_TIMEOUT, () -> metric("ws_last_error"), JsonNode::isNull);
        assertThat(metric("ws_connected").booleanValue()).isTrue();
        assertThat(metric("ws_heartbeat_fresh").booleanValue()).isTrue();
        gateway.client().post("/v1/orders/" + resting + "/cancel", "{}");
        for (var event : List.of(
                "ws_runtime_started",
                "token_issued",
                "approval_key_issued",
                "subscribed tr_id=H0STCNT0 tr_key=005930 code=OPSP0000",
                "ws_first_message",
                "ws_closed",
                "ws_reconnect ")) {
            gateway.awaitLog(event);
        }
    }

    @Test
    @Requirement(value = "G-09", clause = "on-request")
    void only_an_operator_may_reconnect() {
        var reconnects = metric("ws_reconnect_count").longValue();
        assertThat(reconnect(Map.of()).code()).isEqualTo("OPERATOR_TOKEN_REQUIRED");
        var wrong = reconnect(Map.of("X-Operator-Token", "another"));
        assertThat(wrong.code()).isEqualTo("OPERATOR_TOKEN_WRONG");
        assertThat(wrong.status()).isEqualTo(401);
        var done = reconnect(Map.of("X-Operator-Token", TOKEN));
        assertThat(done.status()).as(done.toString()).isEqualTo(200);
        assertThat(contract.violations("ReconnectAnswer", done.body())).isEmpty();
        Eventually.await(
                "the reconnect",
                SHORT_TIMEOUT,
                () -> metric("ws_reconnect_count").longValue(),
                n -> n == reconnects + 1);
        gateway.ready();
    }

    @Test
    void a_page_from_another_origin_is_refused_a_stream() {
        assertThatThrownBy(() -> gateway.client().stream(Map.of("Origin", "http://evil.example")))
                .isInstanceOf(GatewayException.class);
    }

    private static kr.kisgateway.gatewayclient.Answer reconnect(Map<String, String> headers) {
        return gateway.client().send("POST", "/v1/session/reconnect", Optional.empty(), headers);
    }

    /** seq − previous = conflated + 1, or a gap that names what is missing. */
    private static void assertContiguous(String channel, List<JsonNode> messages) {
        long last = messages.getFirst().path("seq").longValue();
        for (var message : messages.subList(1, messages.size())) {
            long seq = message.path("seq").longValue();
            long from = message.has("gap")
                    ? message.path("gap").path("from").longValue()
                    : seq - message.path("conflated").asLong(0);
            assertThat(from).as(channel + " after " + last + ": " + message).isEqualTo(last + 1);
            last = seq;
        }
    }

    private static void subscribe(GatewayStream stream, String id, List<String> channels, String... symbols) {
        stream.send("{\"op\":\"subscribe\",\"channels\":[\"" + String.join("\",\"", channels) + "\"],\"symbols\":[\""
                + String.join("\",\"", symbols) + "\"],\"id\":\"" + id + "\"}");
        awaitAck(stream, id);
    }

    private static JsonNode awaitAck(GatewayStream stream, String id) {
        var ack = stream.await(
                "the answer to " + id, m -> m.path("id").asString("").equals(id), SHORT_TIMEOUT);
        assertThat(contract.violations("StreamAck", ack)).isEmpty();
        return ack;
    }

    private static JsonNode assertRefused(GatewayStream stream, String request, String code) {
        var id = "refused-" + request.hashCode();
        stream.send(request.replaceFirst("}$", ",\"id\":\"" + id + "\"}"));
        var error = stream.await(
                "the refusal of " + request, m -> m.path("id").asString("").equals(id), SHORT_TIMEOUT);
        assertThat(contract.violations("StreamError", error)).isEmpty();
        assertThat(error.path("error").path("code").asString()).as(request).isEqualTo(code);
        return error.path("error");
    }

    private static boolean isError(JsonNode message) {
        return message.path("op").asString("").equals("error");
    }

    private static JsonNode metric(String name) {
        return gateway.get("/v1/metrics/quote").path(name);
    }

    private static long registrations() {
        return gateway.get("/v1/session/status")
                .path("app_keys")
                .path(0)
                .path("registrations")
                .longValue();
    }

    private static void awaitRegistration(String symbol, boolean registered) {
        Eventually.await(
                symbol + " to be " + (registered ? "registered" : "released"),
                SHORT_TIMEOUT,
                simulator::state,
                state -> registered
                        == state.path("sessions")
                                .valueStream()
                                .flatMap(s -> s.path("registrations").valueStream())
                                .anyMatch(r -> r.path("tr_key").asString().equals(symbol)));
    }
}
