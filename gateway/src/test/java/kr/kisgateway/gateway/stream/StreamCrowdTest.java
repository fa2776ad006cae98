package kr.kisgateway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.EdgeSettings;
import kr.kisgateway.gateway.http.HttpEdge;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.TraceIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Misbehaving clients over real sockets, and one beside them that must not notice. */
@Tag("slow")
class StreamCrowdTest {
    private static final long BOUND = 6L << 20;
    private static final int SMALL = 4_096;
    private static final int USUAL = 1 << 20;
    private static final int CROWD = 60;
    /** Far above the time of a message on a busy machine, far below the ten seconds that a stalled write may take. */
    private static final long LATE_NANOS = Duration.ofSeconds(20).toNanos();

    private final JsonMapper mapper = new JsonMapper();
    private final StreamRig rig = new StreamRig(StreamSettings.standard().withMemory(BOUND));
    private final List<RawStream> open = new ArrayList<>();
    private HttpEdge edge;

    @BeforeEach
    void start() {
        var table = new RouteTable();
        rig.hub.register(table, new ThreadTaskRunner());
        edge = HttpEdge.start(
                EdgeSettings.defaults("127.0.0.1", 0),
                table,
                (_, _) -> Caller.local(Role.ADMIN),
                new TraceIds(1),
                new ThreadTaskRunner());
    }

    @AfterEach
    void stop() throws IOException {
        for (var each : open) {
            each.close();
        }
        rig.hub.close();
        edge.close();
    }

    @Test
    void an_oversized_frame_is_closed_with_1009_and_other_clients_continue() throws Exception {
        var otherClient = subscribed(USUAL, "trades", "005930");
        var priceReader = new PriceReader(otherClient);
        for (var i = 0; i < 20; i++) {
            var sender = connected(USUAL);
            sender.sendText("{\"op\":\"subscribe\",\"id\":\"" + "x".repeat(64 * 1024) + "\"}");
            rig.tick(70_000 + i);
            priceReader.awaitPrice(70_000 + i);
            assertThat(sender.next()).isEqualTo("close 1009");
        }
        // A message just within the limit is read, and refused for its content.
        var maxFrameClient = connected(USUAL);
        maxFrameClient.sendText("{\"op\":\"" + "x".repeat(60 * 1024) + "\"}");
        assertThat(maxFrameClient.next()).contains("INVALID_FIELD");
        assertThat(rig.hub.clients()).isEqualTo(2);
        priceReader.stop();
    }

    @Test
    void many_clients_that_never_read_stay_under_the_total_bound_and_another_client_loses_nothing() throws Exception {
        var priceReader = new PriceReader(subscribed(USUAL, "trades", "005930"));
        for (var i = 0; i < CROWD; i++) {
            subscribed(SMALL, "executions");
        }
        var large = "x".repeat(30_000);
        var memoryMax = 0L;
        var price = 10_000;
        // Some hundred MB: the system's buffers take a part of it, the mailboxes up to their bound.
        for (; rig.hub.memory().evictedClients() < CROWD; price++) {
            assertThat(price).as("disconnected one after another").isLessThan(12_000);
            var seq = price;
            rig.hub.execution("A1", "005930", "bot", seq, () -> OrderMessages.execution("A1", seq, large));
            rig.tick(price);
            priceReader.awaitPrice(price);
            rig.clock.advance(Duration.ofMillis(200));
            memoryMax = Math.max(memoryMax, rig.hub.memory().retainedBytes());
        }
        // One message to each may be waiting when the bound is reached.
        assertThat(memoryMax).as("bytes waiting at most").isBetween(BOUND / 2, BOUND + (long) CROWD * large.length());
        until(() -> rig.hub.clients() == 1);
        assertThat(rig.hub.memory().retainedBytes()).isLessThan(100_000);
        rig.tick(price);
        priceReader.awaitPrice(price);
        priceReader.stop();
    }

    /** The prices that a reading client receives, in order and in time. */
    private final class PriceReader {
        private final ArrayBlockingQueue<Long> prices = new ArrayBlockingQueue<>(10_000);
        private final RawStream stream;
        private final Thread reader;

        PriceReader(RawStream stream) {
            this.stream = stream;
            this.reader = Thread.ofPlatform().daemon().start(this::read);
        }

        private void read() {
            try {
                while (true) {
                    var frame = mapper.readTree(stream.next());
                    for (var message : frame.isArray() ? frame : List.of(frame)) {
                        prices.add(message.has("gap") ? -1 : message.path("p").asLong(0));
                    }
                }
            } catch (IOException e) {
                prices.add(-2L); // closed, which is not expected before the end
            }
        }

        void awaitPrice(long price) throws InterruptedException {
            var received = prices.poll(LATE_NANOS, TimeUnit.NANOSECONDS);
            assertThat(received).as("the trade at %d, in time", price).isEqualTo(price);
        }

        void stop() throws IOException, InterruptedException {
            assertThat(prices).isEmpty();
            stream.close();
            reader.join(20_000);
        }
    }

    private static void until(BooleanSupplier condition) {
        for (var i = 0; i < 2_000 && !condition.getAsBoolean(); i++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(condition.getAsBoolean()).as("in time").isTrue();
    }

    private RawStream connected(int receiveBuffer) throws IOException {
        var stream = new RawStream(edge.port(), receiveBuffer);
        open.add(stream);
        assertThat(stream.next()).contains("hello");
        return stream;
    }

    private RawStream subscribed(int receiveBuffer, String channel, String... symbols) throws IOException {
        var stream = connected(receiveBuffer);
        stream.sendText("{\"op\":\"subscribe\",\"channels\":[\"" + channel + "\"],\"symbols\":["
                + Arrays.stream(symbols).map("\"%s\""::formatted).collect(Collectors.joining(",")) + "]}");
        assertThat(stream.next()).contains("ack");
        return stream;
    }
}
