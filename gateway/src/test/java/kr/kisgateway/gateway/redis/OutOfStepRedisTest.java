package kr.kisgateway.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.Await;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.cache.SharedCache.Timestamped;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.Symbol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server under the address of Redis whose replies are not those of the commands. */
@Tag("slow")
class OutOfStepRedisTest {
    private static final String HELLO = "%2\r\n+server\r\n+redis\r\n+proto\r\n:3\r\n";
    private static final String MISSING = "$-1\r\n";
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final Timestamped<Long> CLOSE = new Timestamped<>(71_000L, Instant.parse("2026-11-20T02:00:00Z"));

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-20T02:00:00Z"));
    private final AtomicReference<UnaryOperator<String>> reply = new AtomicReference<>(_ -> MISSING);
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicLong bytesSent = new AtomicLong();
    private ServerSocket server;
    private RedisLink redis;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    var socket = server.accept();
                    connections.incrementAndGet();
                    Thread.ofPlatform().daemon().start(() -> serve(socket));
                }
            } catch (IOException e) {
                assertThat(server.isClosed()).isTrue();
            }
        });
        redis = new RedisLink(Secret.of("redis://127.0.0.1:" + server.getLocalPort()), Duration.ofSeconds(5), now::get);
    }

    @AfterEach
    void stop() throws IOException {
        redis.close();
        server.close();
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new DataInputStream(socket.getInputStream());
            while (true) {
                List<String> command = command(in);
                String answer = switch (command.getFirst()) {
                    case "HELLO" -> HELLO;
                    case "CLIENT" -> "+OK\r\n";
                    case String name -> reply.get().apply(name);
                };
                send(socket.getOutputStream(), answer);
            }
        } catch (IOException | UncheckedIOException e) {
            assertThat(e).as("the gateway ended the connection").isNotNull();
        } finally {
            ended.incrementAndGet();
        }
    }

    /** Sends {@code answer}, with zeros without end in place of dots at its end. */
    private void send(OutputStream out, String answer) throws IOException {
        out.write(answer.replace("...", "").getBytes(StandardCharsets.UTF_8));
        if (answer.endsWith("...")) {
            var zeros = new byte[65_536];
            while (true) {
                out.write(zeros);
                bytesSent.addAndGet(zeros.length);
            }
        }
    }

    private static List<String> command(DataInputStream in) throws IOException {
        var parts = new ArrayList<String>();
        int count = length(in);
        for (int i = 0; i < count; i++) {
            var bytes = new byte[length(in)];
            in.readFully(bytes);
            in.skipNBytes(2);
            parts.add(new String(bytes, StandardCharsets.UTF_8));
        }
        return parts;
    }

    private static int length(DataInputStream in) throws IOException {
        in.readByte();
        var digits = new StringBuilder();
        for (int next = in.readByte(); next != '\r'; next = in.readByte()) {
            digits.append((char) next);
        }
        in.skipNBytes(1);
        return Integer.parseInt(digits.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":1",
                "#t",
                "_",
                ",1.5",
                "(99999999999999999999999",
                "+x",
                "$1\r\nx",
                "=5\r\ntxt:x",
                "*3\r\n:1\r\n$-1\r\n+x",
                "*0",
                "*-1",
                "%1\r\n+a\r\n+b",
                "~1\r\n+a",
                ">2\r\n+invalidate\r\n+a\r\n:1",
                "-MOVED 1 1.2.3.4:1",
                "!5\r\nwrong",
                "?",
                "$x",
                "$2\r\nlonger",
                "*2147483647",
                "*1000000",
            })
    void a_reply_of_any_type_is_a_miss_and_fails_no_caller(String line) {
        reply.set(_ -> line + "\r\n");
        useEverything();
        now.set(now.get().plusSeconds(6));
        useEverything();
    }

    @ParameterizedTest
    @ValueSource(strings = {"$-1\r\n", ":1\r\n", "+OK\r\n", "$3\r\nold\r\n", "*1\r\n:1\r\n"})
    void two_replies_to_each_command_fail_no_caller_and_cost_the_connection(String line) {
        reply.set(_ -> line + line);
        for (int i = 1; i <= 3; i++) {
            assertThat(closes().find(SAMSUNG)).isEmpty();
            assertThat(redis.text("name", 100)).as("in the pause").isEmpty();
            int connection = i;
            Await.until(Duration.ofSeconds(10), "the connection ends", () -> ended.get() == connection);
            assertThat(connections).hasValue(i);
            now.set(now.get().plusSeconds(6));
        }
        useEverything();
        Await.until(Duration.ofSeconds(10), "every connection ends", () -> ended.get() == connections.get());

        reply.set(_ -> MISSING);
        now.set(now.get().plusSeconds(6));
        var failures = redis.counters().failures.sum();
        assertThat(redis.execute(commands -> commands.get("a"))).isEmpty();
        assertThat(redis.counters().failures.sum()).as("in step again").isEqualTo(failures);
    }

    @Test
    void the_third_error_in_a_row_costs_the_connection() {
        reply.set(_ -> ":1\r\n");
        for (int i = 1; i <= 5; i++) {
            assertThat(redis.text("name", 100)).isEmpty();
            now.set(now.get().plusSeconds(6));
        }
        assertThat(connections).hasValue(2);
    }

    private void useEverything() {
        var closes = closes();
        assertThat(closes.find(SAMSUNG)).isEmpty();
        assertThatCode(() -> closes.store(SAMSUNG, CLOSE, closes.edition(SAMSUNG)))
                .doesNotThrowAnyException();
        assertThatCode(() -> closes.invalidate(SAMSUNG)).doesNotThrowAnyException();
        var bytes = new RedisBytes(redis, "token");
        assertThatCode(bytes::read).doesNotThrowAnyException();
        assertThatCode(() -> bytes.write(new byte[] {1}, Duration.ofSeconds(1))).doesNotThrowAnyException();
        assertThatCode(bytes::delete).doesNotThrowAnyException();
        useLock();
    }

    private void useLock() {
        // Each reading of the clock takes three seconds, so that waiting for the lock ends.
        var lock = new RedisLock(redis, "lock", () -> "n", () -> now.updateAndGet(at -> at.plusSeconds(3)));
        try {
            assertThat(lock.runLocked(() -> "done")).isIn(Optional.empty(), Optional.of("done"));
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("Redis is unavailable");
        }
    }

    /** Otherwise no token could be requested as long as such a server runs. */
    @Test
    void a_server_that_refuses_a_lock_that_no_process_holds_counts_as_unavailable() {
        reply.set(_ -> "$-1\r\n");
        var lock = new RedisLock(redis, "lock", () -> "n", () -> now.updateAndGet(at -> at.plusSeconds(3)));
        assertThatThrownBy(() -> lock.runLocked(() -> "done"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no process holds");

        reply.set(name -> name.equals("GET") ? bulk("another process") : "$-1\r\n");
        assertThat(held(lock)).isEmpty();
    }

    private static Optional<String> held(RedisLock lock) {
        try {
            return lock.runLocked(() -> "done");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void the_value_of_another_key_is_a_miss() {
        var closes = closes();
        var fields = new FieldWriter().text("5").text("kis-gateway:sim:previous-close:005930");
        fields.number(CLOSE.at().toEpochMilli()).text("e");
        new QuoteCodecs.PreviousClose().write(fields, CLOSE.value());
        String text = fields.text("5").toString();
        // The answers to each reading, the value and its edition, are those of one stock.
        var readings = new AtomicInteger();
        reply.set(_ -> readings.incrementAndGet() % 2 == 0 ? bulk("e") : bulk(text));

        assertThat(closes.find(SAMSUNG)).contains(CLOSE);
        assertThat(closes.find(new Symbol("000660"))).isEmpty();
    }

    private static String bulk(String text) {
        return "$" + text.getBytes(StandardCharsets.UTF_8).length + "\r\n" + text + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"$500000000\r\n...", "$2000000\r\n...", "$-1\r\n$90000000\r\n..."})
    void an_announced_reply_over_the_limit_closes_the_connection_and_takes_no_memory(String announced) {
        assertThat(redis.text("name", 100)).isEmpty();
        long before = directBytes();
        reply.set(_ -> announced);

        assertThat(redis.text("name", 100)).isEmpty();

        assertThat(directBytes() - before).isLessThan(8L << 20);
        assertThat(bytesSent.get()).as("taken by the sockets alone").isLessThan(16L << 20);
        assertThat(redis.counters().failures.sum()).isPositive();
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    @Test
    void values_are_counted_however_they_are_nested_and_split() {
        var stream =
                ("+OK\r\n:1\r\n$5\r\n\r\n\r\n$\r\n*2\r\n$1\r\na\r\n%1\r\n+k\r\n*0\r\n>2\r\n+a\r\n+b\r\n|1\r\n+k\r\n+v\r\n:7\r\n"
                                + "$-1\r\n*-1\r\n_\r\n$0\r\n\r\n!3\r\nERR\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        for (int part = 1; part <= stream.length; part++) {
            var counter = new RespCounter(1_000);
            for (int from = 0; from < stream.length; from += part) {
                assertThat(counter.accept(Unpooled.wrappedBuffer(stream, from, Math.min(part, stream.length - from))))
                        .isTrue();
            }
            assertThat(counter.values()).as("in parts of " + part).isEqualTo(10);
        }
    }

    @Test
    void a_value_at_the_limit_is_accepted_and_one_byte_more_is_not() {
        assertThat(accepted(12, "$6\r\nabcdef\r\n")).isTrue();
        assertThat(accepted(11, "$6\r\nabcdef\r\n")).isFalse();
        assertThat(accepted(20, "*3\r\n$2\r\nab\r\n:1\r\n:2\r\n")).isTrue();
        assertThat(accepted(19, "*3\r\n$2\r\nab\r\n:1\r\n:2\r\n")).isFalse();
        assertThat(accepted(20, "+" + "x".repeat(30))).isFalse();
        assertThat(accepted(1_000, "HTTP/1.1 200 OK\r\n")).isFalse();
    }

    private static boolean accepted(long limit, String stream) {
        return new RespCounter(limit).accept(Unpooled.wrappedBuffer(stream.getBytes(StandardCharsets.US_ASCII)));
    }

    private SharedCache<MarketSymbol, Long> closes() {
        return new RedisSharedCaches(redis, "sim", Markets.standard(), () -> "n")
                .previousCloses(Duration.ofSeconds(30));
    }
}
