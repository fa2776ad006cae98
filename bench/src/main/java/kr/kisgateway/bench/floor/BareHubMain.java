package kr.kisgateway.bench.floor;

import io.javalin.Javalin;
import io.javalin.websocket.WsConnectContext;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * {@code BareHubMain TICKS_PER_SECOND [FRAME_BYTES]}: the server library and the fan-out alone. One thread makes pre-encoded ticks
 * (only their time is written in), each client has a bounded mailbox and a virtual thread that joins queued ticks into
 * one frame. No wire, no parsing, no topics, no snapshots. With {@code FRAME_BYTES} it sends frames of KIS of that length
 * instead, each as it is: KIS's protocol joins none.
 */
public final class BareHubMain {
    /** A trade as on the gateway's stream. */
    private static final String TICK =
            "{\"ch\":\"trades\",\"s\":\"005930\",\"p\":214500,\"q\":137,\"v\":18273645,\"side\":\"B\","
                    + "\"time\":\"10:15:30\",\"ts_ms\":0000000000000,\"seq\":123456}";

    private static final String KIS = "0|H0STCNT0|001|";
    private static final String STAMP = "0000000000000";

    /** As far apart as the simulator's bursts, otherwise the gateway would have more to join. */
    private static final long BURST_NANOS = 2_000_000;

    private final Map<Session, Mailbox> clients = new ConcurrentHashMap<>();

    private final String constant;
    private final boolean joins;

    private BareHubMain(String constant, boolean joins) {
        this.constant = constant;
        this.joins = joins;
    }

    public static void main(String[] args) {
        var hub = args.length == 1
                ? new BareHubMain(TICK, true)
                : new BareHubMain(KIS + "x".repeat(Math.max(0, Integer.parseInt(args[1]) - KIS.length())), false);
        hub.serve(Integer.parseInt(args[0]));
    }

    private void serve(int ticksPerSecond) {
        var server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            // Its thread keeps a finished program alive for five seconds.
            config.startup.startupWatcherEnabled = false;
            config.concurrency.useVirtualThreads = true;
            config.routes.ws(joins ? "/v1/stream" : "/tryitout", socket -> {
                socket.onConnect(this::opened);
                socket.onMessage(context -> {});
                socket.onClose(context -> closed(context.session));
            });
        });
        server.start("127.0.0.1", 0);
        System.out.println("{\"gateway_port\":" + server.port() + "}");
        tick(ticksPerSecond);
    }

    private void opened(WsConnectContext context) {
        var mailbox = new Mailbox(joins);
        clients.put(context.session, mailbox);
        Thread.ofVirtual().start(() -> write(context.session, mailbox));
    }

    private void closed(Session session) {
        var mailbox = clients.remove(session);
        if (mailbox != null) mailbox.close();
    }

    /** Bursts of two milliseconds' ticks, on schedule: a late burst includes the missed ticks. */
    private void tick(int perSecond) {
        var clock = InstantSource.system();
        var bytes = constant.getBytes(StandardCharsets.US_ASCII);
        int stamp = constant.indexOf(STAMP);
        long start = System.nanoTime();
        long made = 0;
        while (!Thread.currentThread().isInterrupted()) {
            long due = (System.nanoTime() - start) / 1_000 * perSecond / 1_000_000;
            long millis = clock.millis();
            // After a pause of a second the missed ticks are skipped, otherwise the hub would never catch up.
            for (made = Math.max(made, due - perSecond); made < due; made++) {
                var tick = bytes.clone();
                long rest = millis;
                for (int i = stamp + 12; stamp >= 0 && i >= stamp; i--, rest /= 10) tick[i] = (byte) ('0' + rest % 10);
                for (var mailbox : clients.values()) mailbox.offer(tick);
            }
            LockSupport.parkNanos(BURST_NANOS);
        }
    }

    private static void write(Session session, Mailbox mailbox) {
        for (var text = mailbox.take(); text != null; text = mailbox.take()) {
            var sent = new CountDownLatch(1);
            session.sendText(text, Callback.from(sent::countDown, failure -> {
                mailbox.close();
                sent.countDown();
            }));
            try {
                sent.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Unread ticks of one client; a tick that finds it full is lost. */
    private static final class Mailbox {
        private static final int CAPACITY = 8_192;
        private static final int FRAME_BYTES = 64 * 1024;

        private final ReentrantLock lock = new ReentrantLock();
        private final Condition filled = lock.newCondition();
        private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
        private byte[] frame = new byte[FRAME_BYTES + 1024];
        private final boolean joins;
        private boolean closed;

        Mailbox(boolean joins) {
            this.joins = joins;
        }

        void offer(byte[] tick) {
            lock.lock();
            try {
                if (waiting.size() >= CAPACITY) return;
                if (waiting.isEmpty()) filled.signal();
                waiting.add(tick);
            } finally {
                lock.unlock();
            }
        }

        void close() {
            lock.lock();
            try {
                closed = true;
                filled.signal();
            } finally {
                lock.unlock();
            }
        }

        @Nullable
        String take() {
            lock.lock();
            try {
                while (waiting.isEmpty() && !closed) filled.await();
                if (closed) return null;
                if (!joins) return new String(waiting.remove(), StandardCharsets.US_ASCII);
                int length = 0;
                while (length < FRAME_BYTES && !waiting.isEmpty()) {
                    var tick = waiting.remove();
                    if (frame.length < length + tick.length + 2) frame = Arrays.copyOf(frame, 2 * frame.length);
                    frame[length] = (byte) (length == 0 ? '[' : ',');
                    System.arraycopy(tick, 0, frame, length + 1, tick.length);
                    length += tick.length + 1;
                }
                frame[length++] = ']';
                return new String(frame, 0, length, StandardCharsets.US_ASCII);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            } finally {
                lock.unlock();
            }
        }
    }
}
