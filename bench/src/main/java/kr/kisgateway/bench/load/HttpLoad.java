package kr.kisgateway.bench.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import kr.kisgateway.bench.result.BenchException;

/**
 * Keep-alive connections to one local port, all on the calling thread, one request at a time on each: as little work
 * per request as Java allows, because generator and server share the cores. Bodies are counted, not read.
 */
public final class HttpLoad implements AutoCloseable {
    /** The largest answers are the investors of a stock, of 16 kB, more or less with the length of their figures. */
    private static final int BUFFER = 64 * 1024;

    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final long NANOS_A_MS = 1_000_000;
    /** Of no complete answer. */
    private static final int NO_STATUS = 0;

    /** Below this the selector's own timer, which counts milliseconds, is too coarse. */
    private static final long SHORT_WAIT = 50_000;

    private final int port;
    private final LongSupplier nanos;
    private final Selector selector;
    private final List<Connection> connections = new ArrayList<>();

    /** One socket and the request on it. */
    private static final class Connection {
        final SocketChannel channel;
        final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
        ByteBuffer out = ByteBuffer.allocate(0);
        int number;
        long dueNanos;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    /** Receives each answer, on the sending thread: its work delays the next request. */
    @FunctionalInterface
    public interface Watcher {
        /**
         * @param number of the request
         * @param dueNanos its scheduled time
         * @param answered when its answer was complete
         * @param answer from its beginning to its position; valid during the call only
         */
        void answered(int number, long dueNanos, long answered, ByteBuffer answer);
    }

    /**
     * Result of one run.
     *
     * @param seconds from the first request to the last answer
     * @param latency from a request's scheduled time to its complete answer
     * @param lateness from a request's scheduled time to its send: the generator's and the connections' part
     * @param statuses answers by HTTP status
     * @param sample the beginning of one answer that was no 200, or empty
     * @param cores cores that the generator itself used
     */
    public record Outcome(
            double seconds,
            Latency latency,
            Latency lateness,
            Map<Integer, Long> statuses,
            String sample,
            double cores) {
        /** Answers with 200 per second. */
        public double rate() {
            return statuses.getOrDefault(200, 0L) / seconds;
        }

        /** How many answers had {@code status}. */
        public long answers(int status) {
            return statuses.getOrDefault(status, 0L);
        }

        /** This outcome, if every answer was a 200; a figure based on refusals is invalid. */
        public Outcome requireAllOk(String what) {
            return requireOkBut(NO_STATUS, 0, what);
        }

        /**
         * This outcome, if every answer was a 200, but for a few.
         *
         * @param status of these
         * @param share of all answers that may have it
         */
        public Outcome requireOkBut(int status, double share, String what) {
            long all = statuses.values().stream().mapToLong(Long::longValue).sum();
            long ok = answers(200);
            long others = answers(status);
            if (ok > 0 && ok + others == all && others <= share * all) return this;
            throw new BenchException(what + " was not answered by 200 alone: " + statuses + " " + sample);
        }
    }

    private HttpLoad(int port, LongSupplier nanos, Selector selector) {
        this.port = port;
        this.nanos = nanos;
        this.selector = selector;
    }

    /** Opens {@code connections} to {@code port} of this machine. */
    public static HttpLoad connect(int port, int connections, LongSupplier nanos) throws IOException {
        var load = new HttpLoad(port, nanos, Selector.open());
        try {
            for (int i = 0; i < connections; i++) {
                load.connections.add(load.open());
            }
            return load;
        } catch (IOException | RuntimeException e) {
            load.close();
            throw e;
        }
    }

    /**
     * Sends requests at {@code pace} until it is over and every answer has arrived.
     *
     * @param requests the bytes of the n-th request, from 0
     * @param timeout how long missing answers at the end may take
     */
    public Outcome run(Pace pace, IntFunction<byte[]> requests, Duration timeout) throws IOException {
        return run(pace, requests, timeout, (number, dueNanos, answered, answer) -> {});
    }

    /** The same, with each answer passed to {@code watcher}. */
    public Outcome run(Pace pace, IntFunction<byte[]> requests, Duration timeout, Watcher watcher) throws IOException {
        reopenClosed();
        var latency = new Latency();
        var lateness = new Latency();
        var statuses = new TreeMap<Integer, Long>();
        var samples = new ArrayList<String>(1);
        var idle = new ArrayDeque<>(connections);
        var threads = ManagementFactory.getThreadMXBean();
        long cpu = threads.getCurrentThreadCpuTime();
        long startedAt = nanos.getAsLong();
        long now = startedAt;
        long lastAnswer = startedAt;
        long deadline = Long.MAX_VALUE;
        int sent = 0;
        while (true) {
            long due = pace.next(now);
            while (due <= now && !idle.isEmpty()) {
                var connection = idle.remove();
                connection.dueNanos = due;
                connection.number = sent;
                lateness.record(now - due);
                send(connection, requests.apply(sent++));
                pace.sent();
                now = nanos.getAsLong();
                due = pace.next(now);
            }
            if (due == Pace.OVER) {
                if (idle.size() == connections.size()) break;
                if (deadline == Long.MAX_VALUE) deadline = now + timeout.toNanos();
                if (now > deadline) {
                    throw new BenchException((connections.size() - idle.size()) + " requests got no answer within "
                            + timeout.toSeconds() + " s");
                }
            }
            await(idle.isEmpty() || due == Pace.OVER ? 100 * NANOS_A_MS : due - now);
            now = nanos.getAsLong();
            var ready = selector.selectedKeys();
            for (var key : ready) {
                var connection = (Connection) key.attachment();
                if (!connection.out.hasRemaining()) key.interestOps(SelectionKey.OP_READ);
                if (key.isWritable() && connection.out.hasRemaining()) write(connection, key);
                if (!key.isReadable()) continue;
                int status = read(connection);
                if (status == 0) continue;
                now = nanos.getAsLong();
                lastAnswer = now;
                latency.record(now - connection.dueNanos);
                statuses.merge(status, 1L, Long::sum);
                if (status != 200 && samples.isEmpty()) samples.add(text(connection.in));
                watcher.answered(connection.number, connection.dueNanos, now, connection.in);
                connection.in.clear();
                idle.add(connection);
            }
            ready.clear();
        }
        var sample = samples.isEmpty() ? "" : samples.getFirst();
        double cores = (double) (threads.getCurrentThreadCpuTime() - cpu) / Math.max(1, nanos.getAsLong() - startedAt);
        return new Outcome((lastAnswer - startedAt) / 1e9, latency, lateness, statuses, sample, cores);
    }

    /** Opens those connections again that the server closed because they were idle. */
    private void reopenClosed() throws IOException {
        for (int i = 0; i < connections.size(); i++) {
            var connection = connections.get(i);
            if (connection.channel.read(connection.in) < 0) {
                connection.channel.close();
                connections.set(i, open());
            }
        }
    }

    private Connection open() throws IOException {
        var channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        var connection = new Connection(channel);
        channel.register(selector, SelectionKey.OP_READ, connection);
        return connection;
    }

    /** Waits for answers, at most until the next request is due. */
    private void await(long left) throws IOException {
        if (left >= NANOS_A_MS) {
            selector.select(left / NANOS_A_MS);
        } else if (selector.selectNow() == 0 && left > 0) {
            LockSupport.parkNanos(Math.min(left, SHORT_WAIT));
            selector.selectNow();
        }
    }

    private void send(Connection connection, byte[] request) throws IOException {
        connection.out = ByteBuffer.wrap(request);
        var key = connection.channel.keyFor(selector);
        if (key == null) throw new IllegalStateException("an open connection is registered");
        write(connection, key);
    }

    private static void write(Connection connection, SelectionKey key) throws IOException {
        connection.channel.write(connection.out);
        key.interestOps(
                connection.out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    /** Reads received bytes; the status when the answer is complete, else 0. */
    private static int read(Connection connection) throws IOException {
        if (connection.channel.read(connection.in) < 0) {
            throw new BenchException("The server closed a connection; its answer: " + text(connection.in));
        }
        return status(connection.in);
    }

    /** The status of a complete answer in {@code in} (from its beginning to its position), 0 while it is incomplete. */
    static int status(ByteBuffer in) {
        int end = in.position();
        int line = 0;
        int length = -1;
        for (int i = 0; i + 1 < end; i++) {
            if (in.get(i) != '\r' || in.get(i + 1) != '\n') continue;
            if (i == line) {
                if (length < 0) throw new BenchException("An answer without Content-Length: " + text(in));
                int answerBytes = i + 2 + length;
                if (answerBytes > in.capacity())
                    throw new BenchException("An answer of " + answerBytes + " bytes is too long");
                return end < answerBytes ? 0 : digits(in, 9, 12);
            }
            if (length < 0 && isLength(in, line, i)) length = digits(in, line + LENGTH.length, i);
            line = i + 2;
        }
        if (end == in.capacity()) throw new BenchException("The head of an answer is too long");
        return 0;
    }

    private static boolean isLength(ByteBuffer in, int from, int to) {
        if (to - from <= LENGTH.length) return false;
        for (int i = 0; i < LENGTH.length; i++) {
            byte letter = in.get(from + i);
            if ((letter >= 'A' && letter <= 'Z' ? letter + 32 : letter) != LENGTH[i]) return false;
        }
        return true;
    }

    private static int digits(ByteBuffer in, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            byte digit = in.get(i);
            if (digit >= '0' && digit <= '9') value = value * 10 + digit - '0';
        }
        return value;
    }

    /** A GET request as bytes. */
    public static byte[] get(int port, String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * A JSON request of ASCII characters.
     *
     * @param headers further ones
     */
    public static byte[] post(int port, String path, Map<String, String> headers, String json) {
        var head = new StringBuilder(
                "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nContent-Type: application/json\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return (head + "Content-Length: " + json.length() + "\r\n\r\n" + json).getBytes(StandardCharsets.US_ASCII);
    }

    /** The beginning of an answer, for display or parsing. */
    public static String text(ByteBuffer in) {
        var bytes = new byte[Math.min(in.position(), 1_000)];
        in.get(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        for (var connection : connections) connection.channel.close();
        selector.close();
    }
}
