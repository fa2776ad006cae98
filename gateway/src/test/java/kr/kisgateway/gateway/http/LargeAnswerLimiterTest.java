package kr.kisgateway.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.TraceIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Large answers that the client does not read. */
@Tag("slow")
class LargeAnswerLimiterTest {
    private static final int SIZE = 8 << 20;
    private static final long ROOM = 5L * SIZE;

    private final byte[] large = ("\"" + "x".repeat(SIZE - 2) + "\"").getBytes(StandardCharsets.US_ASCII);
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Socket> open = new ArrayList<>();
    private final CountDownLatch pages = new CountDownLatch(1);
    private final CountDownLatch pagesOfOthers = new CountDownLatch(1);
    private final Map<String, Integer> making = new ConcurrentHashMap<>();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private Optional<HttpEdge> edge = Optional.empty();

    @AfterEach
    void stop() throws IOException {
        pages.countDown();
        pagesOfOthers.countDown();
        for (var socket : open) {
            socket.close();
        }
        edge.ifPresent(HttpEdge::close);
        client.close();
    }

    @Test
    void unread_answers_use_bounded_memory_and_another_key_is_served() throws Exception {
        serve(Duration.ofMinutes(10));
        // 2,000 answers of 8 MB are requested; one a connection is being written, and one is a key's part.
        for (int i = 0; i < 20; i++) {
            open.add(requestWithoutReading("slow", 100));
        }
        until(() -> reservedBytes() > 0);
        var refused = request("slow", "/large");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("QUOTA_EXCEEDED");
        assertThat(reservedBytes()).isLessThanOrEqualTo(ROOM / 4 + SIZE);
        assertThat(request("slow", "/small").statusCode()).isEqualTo(200);
        assertThat(request("other", "/large").body()).hasSize(SIZE);

        for (int i = 0; i < 20; i++) {
            open.add(requestWithoutReading(Caller.LOCAL_NAME, 100));
        }
        until(() -> reservedBytes() > ROOM - 2 * SIZE);
        assertThat(reservedBytes()).isLessThanOrEqualTo(ROOM);
        assertThat(request("other", "/large").statusCode()).isEqualTo(200);
        open.add(requestWithoutReading("third", 100));
        until(() -> reservedBytes() > ROOM - SIZE);
        assertThat(request("other", "/large").statusCode()).isEqualTo(429);
        assertThat(request("other", "/small").statusCode()).isEqualTo(200);
        for (var socket : open) {
            socket.close();
        }
        // Requests queued behind the unread answer are started before the closed connection is noticed.
        until(() -> request("slow", "/large").statusCode() == 200);
        until(() -> reservedBytes() == 0);
    }

    @Test
    void anonymous_clients_that_do_not_read_leave_the_memory_of_key_owners_untouched() throws Exception {
        serve(Duration.ofMinutes(10), true);
        for (int i = 0; i < 40; i++) {
            open.add(requestWithoutReading(Caller.LOCAL_NAME, 100));
        }
        until(() -> reservedBytes() > 0 && request(Caller.LOCAL_NAME, "/large").statusCode() == 429);

        // All the memory except the one answer that anonymous callers may reserve.
        assertThat(reservedBytes()).isEqualTo(SIZE);
        for (int i = 0; i < 4; i++) {
            open.add(requestWithoutReading("slow-" + i, 1));
        }
        until(() -> reservedBytes() == ROOM);
        assertThat(request(Caller.LOCAL_NAME, "/small").statusCode()).isEqualTo(200);
    }

    @Test
    void an_unread_answer_closes_its_connection_even_when_a_little_of_it_is_read() throws Exception {
        serve(Duration.ofSeconds(-SIZE / 65_536).plusSeconds(2));
        var socket = requestWithoutReading("slow", 3);
        open.add(socket);
        until(() -> reservedBytes() == SIZE);
        var in = socket.getInputStream();
        var some = new byte[256];
        until(() -> {
            assertThat(in.read(some)).isPositive();
            return reservedBytes() == 0;
        });
        // The next of its requests is not answered either.
        assertThat(request("slow", "/large").statusCode()).isEqualTo(200);
        assertThat(reservedBytes()).isZero();
    }

    @Test
    void pages_of_one_key_are_made_one_at_a_time_while_another_key_and_short_answers_do_not_wait() throws Exception {
        serve(Duration.ofMinutes(10));
        for (int i = 0; i < 20; i++) {
            open.add(requestWithoutReading("greedy", "/page", 8));
        }
        until(() -> making.get("greedy") != null && making.get("greedy") == 1);

        assertThat(request("greedy", "/small").statusCode()).isEqualTo(200);
        pagesOfOthers.countDown();
        assertThat(request("other", "/page").statusCode()).isEqualTo(200);
        assertThat(making).containsEntry("greedy", 1);

        for (int i = 0; i < AnswerTurns.WAITING_MAX; i++) {
            open.add(requestWithoutReading("greedy", "/page", 1));
        }
        until(() -> request("greedy", "/page", Duration.ofMillis(500)) == 429);
        assertThat(making).containsEntry("greedy", 1);

        pages.countDown();
        until(() -> request("greedy", "/page", Duration.ofSeconds(30)) == 200);
        assertThat(mostAtOnce).hasValue(1);
        for (var socket : open) {
            socket.close();
        }
        until(() -> edge.orElseThrow().pagesRequested() == 0);
    }

    private void serve(Duration writeTimeout) {
        serve(writeTimeout, false);
    }

    private void serve(Duration writeTimeout, boolean keysRequired) {
        var table = new RouteTable()
                .get(Role.QUOTE, "/large", call -> call.answer(200, large))
                .get(Role.QUOTE, "/page", call -> call.answerPage(() -> page(call.caller())))
                .get(
                        Role.QUOTE,
                        "/small",
                        call -> call.answer(
                                new JsonBuffer().beginObject().field("x", "y").endObject()));
        edge = Optional.of(HttpEdge.start(
                EdgeSettings.defaults("127.0.0.1", 0)
                        .withAnswers(writeTimeout, ROOM)
                        .withAnyHost(keysRequired),
                table,
                (knock, _) -> new Caller(
                        knock.apiKey().orElse(Caller.LOCAL_NAME), Role.QUOTE, Optional.empty(), Optional.empty()),
                new TraceIds(1),
                new ThreadTaskRunner()));
    }

    /** A page that is made until the test lets it. */
    private Object page(Caller caller) {
        boolean greedy = caller.name().equals("greedy");
        int now = making.merge(caller.name(), 1, Integer::sum);
        if (greedy) {
            mostAtOnce.accumulateAndGet(now, Math::max);
        }
        try {
            assertThat((greedy ? pages : pagesOfOthers).await(30, TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            making.merge(caller.name(), -1, Integer::sum);
        }
        return List.of(caller.name());
    }

    private long reservedBytes() {
        return edge.orElseThrow().answerBytes();
    }

    /** A connection that has sent {@code times} requests and reads nothing yet. */
    private Socket requestWithoutReading(String key, int times) throws IOException {
        return requestWithoutReading(key, "/large", times);
    }

    private Socket requestWithoutReading(String key, String path, int times) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(8_192);
        socket.connect(new InetSocketAddress("127.0.0.1", edge.orElseThrow().port()));
        var request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + key + "\r\n\r\n";
        socket.getOutputStream().write(request.repeat(times).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private HttpResponse<String> request(String key, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + edge.orElseThrow().port() + path))
                        .timeout(Duration.ofSeconds(30))
                        .header("X-API-Key", key)
                        .build(),
                BodyHandlers.ofString());
    }

    /** The status, or 0 when there is no answer in time. */
    private int request(String key, String path, Duration timeout) throws Exception {
        try {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                            + edge.orElseThrow().port() + path))
                                    .timeout(timeout)
                                    .header("X-API-Key", key)
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        } catch (HttpTimeoutException e) {
            return 0;
        }
    }

    private interface Condition {
        boolean isTrue() throws Exception;
    }

    private static void until(Condition condition) throws Exception {
        var never = new CountDownLatch(1);
        for (int i = 0; i < 1_000; i++) {
            if (condition.isTrue()) {
                return;
            }
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(condition.isTrue()).isTrue();
    }
}
