package kr.kisgateway.bench.load;

import java.io.ByteArrayOutputStream;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import kr.kisgateway.bench.result.BenchException;

/**
 * WebSocket clients of a stream, all on the calling thread. They read every frame, and of every tick only its {@code
 * ts_ms}; a JSON parser in fifty clients would measure itself. Clients of KIS's protocol count its data frames, which
 * have no stamp.
 */
public final class StreamLoad implements AutoCloseable {
    /** Stocks that trade much. */
    public static final List<String> STOCKS = List.of(
            "005930", "000660", "373220", "207940", "005380", "000270", "068270", "105560", "035420", "005490",
            "012330", "028260", "051910", "055550", "066570", "086790", "096770", "138040", "259960", "316140");

    private static final int READ = 256 * 1024;
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final long NANOS_A_MS = 1_000_000;
    /** A stamp is truncated to the millisecond: on average the tick is this much later than its stamp. */
    private static final long HALF_MS_MICROS = 500;

    private final LongSupplier nanos;
    private final InstantSource clock;
    private final boolean speaksKis;
    private final Selector selector;
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ);
    private final List<Client> clients = new ArrayList<>();
    private final Latency latency = new Latency();
    private Duration lateness = Duration.ZERO;
    private long ticks;
    private long frames;
    private long bytes;

    /** One connection and its unparsed bytes. */
    private static final class Client {
        final SocketChannel channel;
        byte[] data = new byte[16 * 1024];
        int length;
        final ByteArrayOutputStream partial = new ByteArrayOutputStream(0);

        Client(SocketChannel channel) {
            this.channel = channel;
        }
    }

    /**
     * Result over all clients.
     *
     * @param ticks per second
     * @param ticksAFrame joined ticks per frame on average
     * @param latency from a tick's {@code ts_ms} until it was read; the stamp is truncated to the millisecond, so half
     *     of one is subtracted
     * @param readerLoad cores that reading used
     */
    public record Outcome(double ticks, double ticksAFrame, double megabytes, Latency latency, double readerLoad) {
        /** The same with latencies that a further run does not reset. */
        public Outcome snapshot() {
            return new Outcome(ticks, ticksAFrame, megabytes, latency.copy(), readerLoad);
        }
    }

    /** The server ended a stream. */
    public static final class Closed extends BenchException {
        private static final long serialVersionUID = 1;

        Closed(String message) {
            super(message);
        }
    }

    private StreamLoad(LongSupplier nanos, InstantSource clock, boolean speaksKis, Selector selector) {
        this.nanos = nanos;
        this.clock = clock;
        this.speaksKis = speaksKis;
        this.selector = selector;
    }

    /** The message that subscribes to {@code channels} of the first {@code stocks} of {@link #STOCKS}. */
    public static String subscribe(int stocks, String... channels) {
        return "{\"op\":\"subscribe\",\"channels\":[\"" + String.join("\",\"", channels) + "\"],\"symbols\":[\""
                + String.join("\",\"", STOCKS.subList(0, stocks)) + "\"],\"id\":\"1\"}";
    }

    /**
     * Opens {@code count} streams of the gateway or hub on {@code port} and subscribes each.
     *
     * @param clock the clock of the server's {@code ts_ms}
     */
    public static StreamLoad connect(int port, int count, String subscribe, LongSupplier nanos, InstantSource clock)
            throws IOException {
        return connect(List.of(port), count, subscribe, nanos, clock);
    }

    /** As many streams at each of {@code ports}, in turns. */
    public static StreamLoad connect(
            List<Integer> ports, int countEach, String subscribe, LongSupplier nanos, InstantSource clock)
            throws IOException {
        return connect(
                new StreamLoad(nanos, clock, false, Selector.open()),
                ports,
                Collections.nCopies(countEach, subscribe.isEmpty() ? List.of() : List.of(subscribe)));
    }

    /**
     * Opens a session of KIS's protocol for each list of messages and sends them. Each data frame counts as a tick
     * without a latency.
     */
    public static StreamLoad connectKis(int port, List<List<String>> messages, LongSupplier nanos) throws IOException {
        return connect(new StreamLoad(nanos, InstantSource.system(), true, Selector.open()), List.of(port), messages);
    }

    private static StreamLoad connect(StreamLoad load, List<Integer> ports, List<List<String>> messages)
            throws IOException {
        try {
            for (var each : messages) {
                for (int port : ports) load.add(port, each);
            }
            return load;
        } catch (IOException | RuntimeException e) {
            load.close();
            throw e;
        }
    }

    /** From now on what has come is read so much later. */
    public StreamLoad late(Duration by) {
        lateness = by;
        return this;
    }

    /** Reads for {@code warmup} without counting, then for {@code seconds}. */
    public Outcome run(int warmup, int seconds) throws IOException {
        read(nanos.getAsLong() + warmup * 1_000_000_000L);
        latency.reset();
        ticks = 0;
        frames = 0;
        bytes = 0;
        var threads = ManagementFactory.getThreadMXBean();
        long cpu = threads.getCurrentThreadCpuTime();
        long startedAt = nanos.getAsLong();
        read(startedAt + seconds * 1_000_000_000L);
        double took = nanos.getAsLong() - startedAt;
        return new Outcome(
                ticks * 1e9 / took,
                frames == 0 ? 0 : (double) ticks / frames,
                bytes * 1e3 / took,
                latency,
                (threads.getCurrentThreadCpuTime() - cpu) / took);
    }

    private void add(int port, List<String> messages) throws IOException {
        var channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        var client = new Client(channel);
        clients.add(client);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.socket().setSoTimeout((int) HANDSHAKE.toMillis());
        write(
                channel,
                ascii("GET " + (speaksKis ? "/tryitout" : "/v1/stream") + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
                        + (speaksKis ? "" : "\r\nSec-WebSocket-Protocol: kis-gateway.v1") + "\r\n\r\n"));
        handshake(client);
        for (var message : messages) write(channel, frame(TEXT, ascii(message)));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, client);
    }

    private static void handshake(Client client) throws IOException {
        var in = client.channel.socket().getInputStream();
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || head.length() > 8_192) throw new BenchException("No WebSocket, but: " + head);
            head.append((char) next);
        }
        if (!head.toString().startsWith("HTTP/1.1 101")) throw new BenchException("No WebSocket, but: " + head);
    }

    private void read(long until) throws IOException {
        for (long left = until - nanos.getAsLong(); left > 0; left = until - nanos.getAsLong()) {
            selector.select(Math.max(1, left / NANOS_A_MS));
            LockSupport.parkNanos(lateness.toNanos());
            var ready = selector.selectedKeys();
            for (var key : ready) receive((Client) key.attachment());
            ready.clear();
        }
    }

    private void receive(Client client) throws IOException {
        readBuffer.clear();
        int count = client.channel.read(readBuffer);
        if (count < 0) throw new Closed("The server closed a stream");
        bytes += count;
        readBuffer.flip();
        if (client.data.length < client.length + count) {
            client.data = java.util.Arrays.copyOf(client.data, 2 * (client.length + count));
        }
        readBuffer.get(client.data, client.length, count);
        client.length += count;
        int used = frames(client);
        System.arraycopy(client.data, used, client.data, 0, client.length - used);
        client.length -= used;
    }

    /** Reads all complete frames; returns their number of bytes. */
    private int frames(Client client) throws IOException {
        var a = client.data;
        int at = 0;
        while (client.length - at >= 2) {
            int opcode = a[at] & 15;
            int length = a[at + 1] & 127;
            int head = length == 127 ? 10 : length == 126 ? 4 : 2;
            if (client.length - at < head) break;
            if (length == 126) length = (a[at + 2] & 255) << 8 | a[at + 3] & 255;
            else if (length == 127) length = ByteBuffer.wrap(a).getInt(at + 6);
            if (client.length - at < head + length) break;
            int from = at + head;
            switch (opcode) {
                case CLOSE ->
                    throw new Closed("The server closed a stream with "
                            + (length < 2 ? "no code" : String.valueOf((a[from] & 255) << 8 | a[from + 1] & 255)));
                case PING -> write(client.channel, frame(PONG, java.util.Arrays.copyOfRange(a, from, from + length)));
                default -> receiveFragment(client, a[at] < 0, from, length);
            }
            at = from + length;
        }
        return at;
    }

    /** A message of more than 64 KiB comes in several frames, split anywhere; the first bit marks the last of them. */
    private void receiveFragment(Client client, boolean last, int from, int length) throws IOException {
        if (last && client.partial.size() == 0) {
            message(client, client.data, from, from + length);
            return;
        }
        client.partial.write(client.data, from, length);
        if (last) {
            var message = client.partial.toByteArray();
            client.partial.reset();
            message(client, message, 0, message.length);
        }
    }

    private void message(Client client, byte[] a, int from, int to) throws IOException {
        if (!speaksKis) {
            ticks(a, from, to);
        } else if (to > from + 1 && a[from] == '0' && a[from + 1] == '|') {
            ticks++;
            frames++;
        } else if (new String(a, from, to - from, StandardCharsets.UTF_8).contains("PINGPONG")) {
            write(client.channel, frame(PONG, new byte[0])); // as the official samples answer it
        }
    }

    /** Every tick contains {@code "ts_ms":} and thirteen digits. */
    private void ticks(byte[] a, int from, int to) {
        var instant = clock.instant();
        long nowMicros = instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
        long before = ticks;
        for (int i = from; i + 17 < to; i++) {
            if (a[i] != '_' || a[i + 1] != 'm' || a[i + 2] != 's' || a[i + 3] != '"' || a[i + 4] != ':') continue;
            long stamp = 0;
            for (int digit = i + 5; digit < i + 18; digit++) stamp = stamp * 10 + a[digit] - '0';
            latency.record((nowMicros - stamp * 1_000 - HALF_MS_MICROS) * 1_000);
            ticks++;
            i += 17;
        }
        if (ticks > before) frames++;
    }

    /** A client's frame: masked, as the protocol requires, with zeros. */
    static byte[] frame(int opcode, byte[] payload) {
        int extra = payload.length < 126 ? 0 : 2;
        var frame = ByteBuffer.allocate(2 + extra + 4 + payload.length);
        frame.put((byte) (0x80 | opcode)).put((byte) (0x80 | (extra == 0 ? payload.length : 126)));
        if (extra > 0) frame.putShort((short) payload.length);
        frame.putInt(0).put(payload);
        return frame.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Only small messages are sent, and rarely: the socket's buffer has space for them. */
    private static void write(SocketChannel channel, byte[] message) throws IOException {
        var out = ByteBuffer.wrap(message);
        while (out.hasRemaining()) channel.write(out);
    }

    @Override
    public void close() throws IOException {
        for (var client : clients) client.channel.close();
        selector.close();
    }
}
