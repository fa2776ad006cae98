package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Missed order messages of a stream client are replayed from the real journal byte for byte, also after a restart. */
@Tag("slow")
class OrderResumeGatewayTest {
    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    @Test
    void missed_messages_are_replayed_as_they_were_first_published() throws Exception {
        List<JsonNode> lived;
        try (var gateway = start()) {
            var live = listen(gateway);
            // A fill at once, a resting order and its cancel: changes of each kind.
            var filled = place(gateway, "\"qty\":2", "k1");
            var resting = place(gateway, "\"qty\":1,\"price\":" + lowPrice(gateway), "k2");
            live.await(message -> is(message, filled, "FILLED"));
            live.await(message -> is(message, resting, "SENT"));
            post(gateway, "/v1/orders/" + resting + "/cancel", "{}", "k3");
            live.await(message -> is(message, resting, "CANCELED"));
            lived = live.ownMessages();
            assertThat(lived.stream().filter(message -> channel(message).equals("executions")))
                    .isNotEmpty();

            // The live stream publishes events of one commit together; the journal has each step.
            assertThat(replay(gateway, 1)).containsSubsequence(lived);
            assertThat(replay(gateway, 0)).as("0 is the beginning").isEqualTo(replay(gateway, 1));
            assertThat(events(gateway, "A1:0")).as("by Last-Event-ID too").contains(filled, resting, "FILLED");
            // From the middle on.
            long middle = lived.get(lived.size() / 2).get("seq").longValue();
            assertThat(replay(gateway, middle))
                    .containsSubsequence(lived.stream()
                            .filter(message -> message.get("seq").longValue() >= middle)
                            .toList())
                    .allMatch(message -> message.get("seq").longValue() >= middle);
            var beyond = listen(gateway);
            beyond.send("{\"op\":\"resume\",\"account_id\":\"A1\",\"from_seq\":100000}");
            assertThat(beyond.await(message -> message.path("op").asString("").equals("error"))
                            .toString())
                    .contains("CURSOR_UNKNOWN", "last_seq");
        }
        try (var gateway = start()) {
            assertThat(replay(gateway, 1)).containsSubsequence(lived);
        }
    }

    private static boolean is(JsonNode message, String order, String status) {
        return channel(message).equals("orders")
                && message.path("order_id").asString("").equals(order)
                && message.path("status").asString("").equals(status);
    }

    private static String channel(JsonNode message) {
        return message.path("ch").asString("");
    }

    /** The messages that a new client receives on resuming from {@code from}. */
    private List<JsonNode> replay(Gateway gateway, long from) throws Exception {
        var late = listen(gateway);
        late.send("{\"op\":\"resume\",\"account_id\":\"A1\",\"from_seq\":" + from + "}");
        late.await(message -> message.path("op").asString("").equals("resumed"));
        return late.ownMessages();
    }

    /** The Server-Sent Events that a returning client receives, up to the end of the missed ones. */
    private String events(Gateway gateway, String lastEventId) throws Exception {
        var answer = client.send(
                request(gateway, "/v1/events?channels=orders,executions")
                        .header("Last-Event-ID", lastEventId)
                        .build(),
                BodyHandlers.ofLines());
        try (var lines = answer.body()) {
            return lines.takeWhile(line -> !line.contains("\"op\":\"resumed\"") && !line.contains("\"op\":\"error\""))
                    .collect(Collectors.joining("\n"));
        }
    }

    private long lowPrice(Gateway gateway) throws Exception {
        var quote = mapper.readTree(
                client.send(request(gateway, "/v1/instruments/005930").build(), BodyHandlers.ofString())
                        .body());
        return quote.get("lower_limit").longValue();
    }

    private String place(Gateway gateway, String terms, String key) throws Exception {
        String body = "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\"," + terms + "}";
        var never = new CountDownLatch(1);
        String answer = "";
        for (int i = 0; i < 500; i++) {
            answer = post(gateway, "/v1/orders", body, key);
            var id = mapper.readTree(answer).path("order_id").asString("");
            if (!id.isEmpty()) {
                return id;
            }
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
        throw new AssertionError(answer);
    }

    private String post(Gateway gateway, String path, String body, String key) throws Exception {
        return client.send(
                        request(gateway, path)
                                .header("Content-Type", "application/json")
                                .header("Idempotency-Key", key)
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static HttpRequest.Builder request(Gateway gateway, String path) {
        return HttpRequest.newBuilder(gateway.baseUri().resolve(path)).timeout(Duration.ofSeconds(30));
    }

    private Listener listen(Gateway gateway) throws Exception {
        var listener = new Listener();
        listener.socket = client.newWebSocketBuilder()
                .subprotocols("kis-gateway.v1")
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/v1/stream"), listener)
                .get(10, TimeUnit.SECONDS);
        listener.send("{\"op\":\"subscribe\",\"channels\":[\"orders\",\"executions\"]}");
        var ack = listener.await(message -> message.path("op").asString("").equals("ack"));
        assertThat(ack.at("/cursors/A1").isIntegralNumber()).as(ack.toString()).isTrue();
        return listener;
    }

    private Gateway start() {
        var loaded = SettingsLoader.load(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=open-fixed", "--simulator-seed=7"),
                Map.of(),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        return Gateway.start(((SettingsResult.Loaded) loaded).settings());
    }

    private final class Listener implements WebSocket.Listener {
        private final List<JsonNode> received = new CopyOnWriteArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private WebSocket socket;

        void send(String message) throws Exception {
            socket.sendText(message, true).get(10, TimeUnit.SECONDS);
        }

        /** Orders and executions in the order of arrival, without the snapshot. */
        List<JsonNode> ownMessages() {
            return received.stream()
                    .filter(message -> message.has("ch") && !message.has("snapshot"))
                    .toList();
        }

        JsonNode await(Predicate<JsonNode> expected) throws InterruptedException {
            var never = new CountDownLatch(1);
            for (int i = 0; i < 1_500; i++) {
                var found = received.stream().filter(expected).findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
                assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
            }
            throw new AssertionError(received.toString());
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                var frame = mapper.readTree(text.toString());
                text.setLength(0);
                if (frame.isArray()) {
                    frame.forEach(received::add);
                } else {
                    received.add(frame);
                }
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }
    }
}
