package kr.kisgateway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.feed.GapCause;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.EdgeSettings;
import kr.kisgateway.gateway.http.HttpEdge;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The stream as Server-Sent Events, over real sockets. */
@Requirement("P-13")
@Tag("slow")
class StreamEventsTest {
    private static final StreamSettings SETTINGS =
            new StreamSettings(2, 10, 8_192, 16_384, 64 * 1024, Duration.ofSeconds(6), 2L << 20, 8L << 20, 50);

    private final StreamRig rig = new StreamRig(SETTINGS, new TwoEvents());
    private final HttpEdge edge = edge();
    private final HttpClient http = HttpClient.newHttpClient();

    private HttpEdge edge() {
        var table = new RouteTable();
        rig.hub.register(table, new ThreadTaskRunner());
        return HttpEdge.start(
                EdgeSettings.defaults("127.0.0.1", 0),
                table,
                (knock, _) -> Caller.local(knock.apiKey().isPresent() ? Role.QUOTE : Role.TRADE),
                new TraceIds(1),
                new ThreadTaskRunner());
    }

    @AfterEach
    void stop() {
        rig.hub.close();
        edge.close();
        http.close();
    }

    @Test
    void the_same_messages_arrive_as_events() throws Exception {
        rig.tick(70_000);
        try (var events = new Events("channels=trades&symbols=005930", "")) {
            assertThat(events.data()).startsWith("{\"op\":\"hello\"");
            assertThat(events.data()).isEqualTo("{\"op\":\"ack\",\"id\":null,\"mode\":\"push\"}");
            assertThat(events.data()).contains("\"p\":70000").contains("\"snapshot\":true");
            rig.tick(70_100);
            assertThat(events.data()).contains("\"ch\":\"trades\"").contains("\"p\":70100");
            rig.hub.tradesMissed(StreamRig.SAMSUNG, GapCause.RECONNECT);
            assertThat(events.data()).contains("\"cause\":\"RECONNECT\"");
            assertThat(rig.hub.clients()).isEqualTo(1);
        }
        until(() -> {
            rig.tick(70_200);
            return rig.hub.clients() == 0;
        });
    }

    @Test
    void a_client_returning_with_its_last_id_receives_what_it_missed() throws Exception {
        try (var events = new Events("channels=executions", "A1:2")) {
            events.data();
            events.data();
            assertThat(events.data()).contains("\"op\":\"ack\"");
            assertThat(events.data()).contains("\"exec_id\":\"E2\"");
            assertThat(events.id).isEqualTo("A1:2");
            assertThat(events.data()).contains("\"op\":\"resumed\"").contains("\"to_seq\":2");
            rig.hub.execution("A1", "005930", "bot", 3, () -> OrderMessages.execution("A1", 3, "E3"));
            assertThat(events.data()).contains("\"exec_id\":\"E3\"");
            assertThat(events.id).isEqualTo("A1:3");
        }
    }

    @Test
    void a_snapshot_does_not_move_the_id_past_messages_still_to_be_replayed() {
        var frame = new EventFrame(Map.of("A1", 10L));
        frame.add(message(39, Frame.Origin.LIVE));
        frame.add(message(11, Frame.Origin.REPLAY));
        frame.add(message(44, Frame.Origin.LIVE));
        frame.add(message(43, Frame.Origin.REPLAY));
        frame.add(message(43, Frame.Origin.REPLAY_END));
        frame.add(message(45, Frame.Origin.LIVE));
        var text = new String(frame.array(), 0, frame.length(), StandardCharsets.UTF_8);
        assertThat(text.lines().filter(line -> line.startsWith("id: ")))
                .containsExactly("id: A1:10", "id: A1:11", "id: A1:11", "id: A1:43", "id: A1:43", "id: A1:45");
    }

    private static Frame.AccountMessage message(long seq, Frame.Origin origin) {
        return new Frame.AccountMessage("A1", "005930", "bot", seq, new byte[0], origin);
    }

    @Test
    void a_comment_is_sent_when_there_is_nothing_to_publish() throws Exception {
        try (var events = new Events("channels=executions", "")) {
            events.data();
            events.data();
            assertThat(events.line()).isEqualTo(":");
        }
    }

    @Test
    void an_invalid_subscription_is_refused_before_the_answer_begins() throws Exception {
        assertThat(refused("channels=candles")).isEqualTo("400 INVALID_FIELD");
        assertThat(refused("symbols=005930")).isEqualTo("400 MISSING_FIELD");
        assertThat(refused("channels=trades")).isEqualTo("400 MISSING_FIELD");
        var quotesOnly = HttpRequest.newBuilder(request("channels=alerts", ""), (_, _) -> true)
                .header("X-API-Key", "quotes-only")
                .build();
        assertThat(refused(quotesOnly)).isEqualTo("403 FORBIDDEN");
        assertThat(refused("channels=trades&symbols=1")).isEqualTo("400 INVALID_SYMBOL");
        assertThat(refused("channels=trades&symbols=005930&x=1")).isEqualTo("400 INVALID_FIELD");
        assertThat(rig.hub.clients()).isZero();
    }

    @Test
    void events_and_sockets_share_one_bound_of_clients() throws Exception {
        rig.reader(Role.TRADE);
        rig.reader(Role.TRADE);
        assertThat(refused("channels=executions")).isEqualTo("429 QUOTA_EXCEEDED");
    }

    @Test
    void a_client_that_does_not_read_is_dropped_and_its_registrations_are_released() throws Exception {
        try (var socket = new Socket("127.0.0.1", edge.port())) {
            socket.setReceiveBufferSize(4_096);
            socket.getOutputStream()
                    .write(("GET /v1/events?channels=executions HTTP/1.1\r\nHost: 127.0.0.1:" + edge.port()
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            until(() -> rig.hub.clients() == 1);
            var large = "x".repeat(60_000);
            // More than the system buffers for it.
            for (var i = 1; i <= 120; i++) {
                var seq = i;
                rig.hub.execution("A1", "005930", "bot", seq, () -> OrderMessages.execution("A1", seq, large));
            }
            until(() -> rig.hub.clients() == 0);
            assertThat(rig.hub.counters().writeTimeouts.sum()).isEqualTo(1);
        }
    }

    private String refused(String query) throws IOException, InterruptedException {
        return refused(request(query, ""));
    }

    private String refused(HttpRequest request) throws IOException, InterruptedException {
        var answer = http.send(request, BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body().replaceAll(".*\"code\":\"([A-Z_]+)\".*", "$1");
    }

    private HttpRequest request(String query, String lastId) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + "/v1/events?" + query))
                .timeout(Duration.ofSeconds(20));
        return (lastId.isEmpty() ? request : request.header("Last-Event-ID", lastId)).build();
    }

    private static void until(BooleanSupplier condition) {
        for (var i = 0; i < 2_000 && !condition.getAsBoolean(); i++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    /** One client of the events. */
    private final class Events implements AutoCloseable {
        private final BufferedReader lines;
        private String id = "";

        Events(String query, String lastId) throws IOException, InterruptedException {
            HttpResponse<java.io.InputStream> answer = http.send(request(query, lastId), BodyHandlers.ofInputStream());
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        }

        /** The data of the next event. */
        String data() {
            while (true) {
                var line = line();
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    return line.substring(6);
                }
            }
        }

        /** The next line that is not empty. */
        String line() {
            try {
                var line = lines.readLine();
                while (line != null && line.isEmpty()) {
                    line = lines.readLine();
                }
                assertThat(line).as("a line").isNotNull();
                return line == null ? "" : line;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    private static final class TwoEvents implements OrderReplay {
        @Override
        public Map<String, Long> cursors() {
            return Map.of();
        }

        @Override
        public boolean hasAccount(String accountId) {
            return true;
        }

        @Override
        public Page readPage(String accountId, long from, boolean first) {
            return new Page(
                    List.of(new ReplayedEvent(
                            Channel.EXECUTIONS, "005930", "bot", 2, OrderMessages.execution("A1", 2, "E2"))),
                    3,
                    true);
        }
    }
}
