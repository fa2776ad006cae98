package kr.kisgateway.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import kr.kisgateway.client.Secret;
import kr.kisgateway.edge.AnyPathListener;
import kr.kisgateway.edge.AnyPathListener.Answer;
import kr.kisgateway.edge.OriginRule;
import kr.kisgateway.edge.SocketOutbox;
import kr.kisgateway.gateway.http.CallForwarder.Owner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two listeners on real sockets: that of the owner, and that of an edge which passes on to it. */
class ListenerForwarderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final NodeSignature SIGNATURE =
            new NodeSignature(Secret.of("a secret of all gateways"), InstantSource.system());

    private final AtomicReference<Optional<Owner>> owner = new AtomicReference<>(Optional.empty());
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger ownersSockets = new AtomicInteger();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private AnyPathListener ownersListener;
    private ListenerForwarder forwarder;
    private AnyPathListener edge;

    /** Answers with what it received. */
    private final class Echo implements AnyPathListener.Socket {
        private final AtomicReference<Optional<SocketOutbox>> outbox = new AtomicReference<>(Optional.empty());

        @Override
        public void opened(SocketOutbox opened) {
            outbox.set(Optional.of(opened));
            ownersSockets.incrementAndGet();
        }

        @Override
        public void text(String message) {
            outbox.get().orElseThrow().send("echo " + message);
        }

        @Override
        public void pong() {
            // no keep-alive is sent
        }

        @Override
        public void closed(int code) {
            ownersSockets.decrementAndGet();
        }

        @Override
        public int queueCapacity() {
            return 10;
        }
    }

    private HandOver handOver = HandOver.none();

    private static AnyPathListener listener(AnyPathListener.Calls calls, AnyPathListener.Sockets sockets) {
        var listener = new AnyPathListener(
                new AnyPathListener.Options(
                        "127.0.0.1",
                        0,
                        OriginRule.keyed("127.0.0.1"),
                        Set.of("GET", "POST"),
                        8_192,
                        8_192,
                        Duration.ofMinutes(1),
                        100,
                        AnyPathListener.Connections.plain(),
                        new ForwardedPeers(Optional.of(SIGNATURE))),
                calls,
                sockets);
        listener.start();
        return listener;
    }

    @BeforeEach
    void start() {
        handOver = new HandOver(Duration.ofSeconds(5), nanos::get);
        ownersListener = listener(
                request -> new Answer.Text(
                        200,
                        "text/plain",
                        Map.of("tr_id", request.headers().getOrDefault("tr_id", "")),
                        request.method() + ' ' + request.path() + ' ' + request.queryText() + ' ' + request.body()),
                new AnyPathListener.Sockets() {
                    @Override
                    public OptionalInt refusal(String address) {
                        return OptionalInt.empty();
                    }

                    @Override
                    public AnyPathListener.Socket open(String address) {
                        return new Echo();
                    }
                });
        forwarder = new ListenerForwarder(
                owner::get,
                Optional.empty(),
                SIGNATURE,
                "edge",
                new ListenerForwarder.Bounds(10, 2, 1),
                new ListenerForwarder.Refusals(
                        status -> new Answer.Text(status, "text/plain", Map.of(), "unreadable"),
                        (_, refusal) -> new Answer.Text(
                                500, "text/plain", Map.of(), refusal.code().name())),
                handOver,
                nanos::get);
        edge = listener(forwarder, forwarder);
        owner.set(Optional.of(new Owner("a", 1, URI.create("http://127.0.0.1:" + ownersListener.port()))));
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        edge.close();
        forwarder.close();
        ownersListener.close();
    }

    private String send(String head, String body) throws IOException {
        try (var socket = new Socket("127.0.0.1", edge.port())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream()
                    .write((head + "\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                                    + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String upgrade(String target) throws IOException {
        return send(
                "GET " + target + " HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13",
                "");
    }

    private WebSocket connect() {
        return http.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + edge.port() + "/tryitout"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        received.add(data.toString());
                        from.request(1);
                        return CompletableFuture.completedFuture(true);
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                        received.add("ended");
                        return CompletableFuture.completedFuture(true);
                    }

                    @Override
                    public void onError(WebSocket from, Throwable error) {
                        received.add("ended");
                    }
                })
                .join();
    }

    private String next() throws InterruptedException {
        return Optional.ofNullable(received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .orElseThrow(() -> new AssertionError("nothing arrived"));
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void a_call_has_its_path_query_headers_and_korean_body_at_the_owner() throws IOException {
        assertThat(send(
                        "POST //uapi/order?a=%20b&c=1 HTTP/1.1\r\ntr_id: TTTC0012U\r\nContent-Type: application/json",
                        "삼성"))
                .startsWith("HTTP/1.1 200")
                .contains("tr_id: TTTC0012U")
                .endsWith("POST /uapi/order a=%20b&c=1 삼성");
    }

    @Test
    void without_an_owner_nothing_was_done_and_a_body_that_cannot_be_encoded_again_is_unreadable() throws IOException {
        assertThat(send("POST /x HTTP/1.1\r\nContent-Type: application/json; charset=ISO-2022-CN", "a"))
                .startsWith("HTTP/1.1 400");
        owner.set(Optional.empty());
        assertThat(send("POST /x HTTP/1.1", "a")).contains("NO_OWNER");
        assertThat(upgrade("/")).startsWith("HTTP/1.1 503");
        owner.set(Optional.of(new Owner("b", 2, URI.create("http://127.0.0.1:1"))));
        assertThat(send("POST /x HTTP/1.1", "a")).as("not sent").contains("NO_OWNER");
        assertThat(handOver.waiting()).isZero();
    }

    @Test
    void a_question_waits_while_the_accounts_change_their_owner() throws Exception {
        var before = owner.get();
        owner.set(Optional.empty());
        var answer = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(send("GET /x HTTP/1.1", ""));
            } catch (IOException e) {
                answer.completeExceptionally(e);
            }
        });
        await("a question that waits", () -> handOver.waiting() == 1);
        owner.set(before);
        forwarder.ownerChanged();
        assertThat(answer.get(20, TimeUnit.SECONDS)).endsWith("GET /x  ");
        await("no more waits", () -> handOver.waiting() == 0);
    }

    @Test
    void a_websocket_has_one_at_the_owner_and_both_end_together_and_with_the_ownership() throws Exception {
        var program = connect();
        program.sendText("one", true).join();
        assertThat(next()).isEqualTo("echo one");
        assertThat(ownersSockets).hasValue(1);
        program.abort();
        await("the owner's end", () -> ownersSockets.get() == 0);
        await("the relay's end", () -> forwarder.sockets() == 0);

        connect().sendText("two", true).join();
        assertThat(next()).isEqualTo("echo two");
        owner.set(Optional.of(new Owner("b", 2, URI.create("http://127.0.0.1:1"))));
        forwarder.ownerChanged();
        assertThat(next()).isEqualTo("ended");
        await("the owner's end", () -> ownersSockets.get() == 0);
    }

    @Test
    void an_upgrade_that_fails_after_it_was_begun_gives_its_place_back() throws Exception {
        upgrade("/?a=%zz");
        upgrade("/?a=|");
        if (forwarder.sockets() > 0) {
            nanos.addAndGet(Duration.ofSeconds(11).toNanos());
            forwarder.check();
        }
        assertThat(forwarder.sockets()).isZero();
        connect().sendText("one", true).join();
        assertThat(next()).isEqualTo("echo one");
    }
}
