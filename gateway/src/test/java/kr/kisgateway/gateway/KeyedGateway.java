package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole gateway with its simulator that requires keys, and one administrator's key. */
final class KeyedGateway implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    final String admin;
    private final Path folder;
    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger keyNo = new AtomicInteger();
    private final String[] settings;
    private Gateway gateway;

    KeyedGateway(Path folder, String... settings) {
        this.folder = folder;
        this.settings = settings;
        this.admin = command("create", "root", "--role", "admin");
        this.gateway = start();
    }

    private Gateway start() {
        var args = new ArrayList<>(List.of(
                "--port=0",
                "--simulator-port=0",
                "--simulator-clock=open-fixed",
                "--simulator-seed=7",
                "--auth=required"));
        args.addAll(List.of(settings));
        var loaded = SettingsLoader.load(
                args, Map.of(), folder, folder.resolve("home"), KisDefaults.on(LocalDate.of(2026, 11, 20)));
        return Gateway.start(((SettingsResult.Loaded) loaded).settings());
    }

    /** The same folder with a new process, as far as a test can have one. */
    void restart() {
        gateway.close();
        gateway = start();
    }

    Gateway running() {
        return gateway;
    }

    /** Creates a key by the call, with further members of its body as {@code "own":true}. */
    String key(String name, String role, String... members) throws Exception {
        var body = new StringBuilder("{\"name\":\"" + name + "\",\"role\":\"" + role + "\"");
        List.of(members).forEach(member -> body.append(',').append(member));
        var answer = post("/v1/keys", body.append('}').toString(), admin);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).path("key").asString("");
    }

    /** The output of the command {@code keys}. */
    private String command(String... args) {
        return KeyCommands.printed(folder, List.of(args));
    }

    JsonNode json(HttpResponse<String> answer) {
        return mapper.readTree(answer.body());
    }

    HttpResponse<String> get(String path, String key) throws Exception {
        return client.send(request(path, key).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body, String key) throws Exception {
        return send("POST", path, body, key);
    }

    HttpResponse<String> send(String method, String path, String body, String key) throws Exception {
        return client.send(
                request(path, key)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "k" + keyNo.incrementAndGet())
                        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    HttpRequest.Builder request(String path, String key) {
        return HttpRequest.newBuilder(gateway.baseUri().resolve(path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + key);
    }

    /** Switches faults of the simulator. */
    void fault(String json) throws Exception {
        var answer = client.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + gateway.simulatorPort().orElseThrow() + "/simulator/faults"))
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    HttpClient client() {
        return client;
    }

    /** The id of an order far below the market, which stays open. */
    String placeResting(String symbol, String key, String... members) throws Exception {
        var placed = new ArrayList<String>();
        until(() -> {
            // The limits of the day are cached for stocks that were requested.
            assertThat(get("/v1/quotes/" + symbol, admin).statusCode()).isNotEqualTo(403);
            long low = json(get("/v1/instruments/" + symbol, admin))
                    .path("lower_limit")
                    .asLong(0);
            if (low == 0) {
                return false;
            }
            var answer = post("/v1/orders", order(symbol, low, members), key);
            if (answer.statusCode() == 200) {
                placed.add(json(answer).path("order_id").asString(""));
            }
            return !placed.isEmpty();
        });
        return placed.getFirst();
    }

    static String order(String symbol, long price, String... members) {
        var more = members.length == 0 ? "" : "," + String.join(",", members);
        return "{\"account_id\":\"A1\",\"symbol\":\"" + symbol + "\",\"side\":\"BUY\",\"qty\":1,\"price\":" + price
                + more + "}";
    }

    interface Condition {
        boolean isTrue() throws Exception;
    }

    static void until(Condition condition) throws Exception {
        var never = new CountDownLatch(1);
        for (int i = 0; i < 1_000; i++) {
            if (condition.isTrue()) {
                return;
            }
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(condition.isTrue()).isTrue();
    }

    /** A stream that was opened with {@code key}. */
    Stream stream(String key) throws Exception {
        return stream(Map.of("Authorization", "Bearer " + key));
    }

    /** A stream that was opened with these headers. */
    Stream stream(Map<String, String> headers) throws Exception {
        var stream = new Stream();
        var builder = client.newWebSocketBuilder();
        headers.forEach(builder::header);
        stream.socket = builder.subprotocols("kis-gateway.v1")
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/v1/stream"), stream)
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        return stream;
    }

    @Override
    public void close() {
        gateway.close();
        client.close();
    }

    /** One connection to the stream: its messages in order, and the code of its close. */
    final class Stream implements WebSocket.Listener {
        private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();
        private @Nullable WebSocket socket;

        void send(String message) throws Exception {
            java.util.Objects.requireNonNull(socket).sendText(message, true).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }

        /** Subscribes, and waits for the acknowledgement. */
        Stream listening(String channels) throws Exception {
            send("{\"op\":\"subscribe\",\"channels\":[" + channels + "]}");
            await(message -> message.path("op").asString("").equals("ack"));
            return this;
        }

        /** The messages up to and including the first that {@code expected} accepts. */
        List<JsonNode> await(Predicate<JsonNode> expected) throws Exception {
            var received = new ArrayList<JsonNode>();
            while (true) {
                var next = messages.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
                assertThat(next).as("a message after %s", received).isNotNull();
                received.add(next);
                if (expected.test(next)) {
                    return received;
                }
            }
        }

        int closeCode() throws Exception {
            return closed.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                var tree = mapper.readTree(text.toString());
                text.setLength(0);
                if (tree.isArray()) {
                    tree.forEach(messages::add);
                } else {
                    messages.add(tree);
                }
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(code);
            return CompletableFuture.completedFuture(null);
        }
    }
}
