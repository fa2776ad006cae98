package kr.kisgateway.client.ws;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A WebSocket client of RFC 6455 for a server that sends text. It accepts no extension, answers pings, and reports the
 * end of the connection at once however it ends.
 *
 * <p><b>Threads.</b> One virtual thread reads and calls the listener, one writes. Sending never blocks: the queue of
 * messages to write is bounded, and a full queue means that the peer does not read. Nothing here uses a clock: a caller with
 * a timeout calls {@link #abort}.
 *
 * <p><b>Why not the JDK's.</b> Its WebSocket never reports an end of the connection that arrives while its listener is
 * busy with the message before (JDK 25: {@code WebSocketImpl.onComplete} acknowledges an unrequested reception and
 * dies of it). For a client that must notice silent sockets that is one case too many.
 */
public final class TextSocket implements AutoCloseable {
    /** Close codes of RFC 6455 §7.4.1. */
    public static final int NORMAL = 1000;

    static final int PROTOCOL_ERROR = 1002;
    static final int NO_CODE = 1005;
    public static final int ABNORMAL = 1006;
    static final int NOT_UTF8 = 1007;
    static final int TOO_BIG = 1009;

    /** Messages that may wait to be written: all registrations of a session, released and made again. */
    private static final int WAITING_MAX = 256;

    private static final int TEXT_FRAME = 0x81;
    private static final int CLOSE_FRAME = 0x88;
    private static final int PONG_FRAME = 0x8A;
    private static final int MASK_BYTES = 4;
    /** How long the answer to a close may take to be written. */
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

    private static final byte[] NO_PONG = {};

    /** Receives the events of the connection, on the reading thread; its exceptions end the connection. */
    public interface Listener {
        /** Messages may be sent from now on. */
        void opened();

        /** A complete message; its characters are reused for the next one. */
        void text(CharBuffer message);

        /**
         * The connection is over; nothing follows. Called once, also when this side ended it.
         *
         * @param code of the close frame, 1006 when there was none
         * @param broken the violated rule, where there is one
         */
        void ended(int code, Optional<String> broken);
    }

    private sealed interface Outgoing {
        record Text(byte[] utf8) implements Outgoing {}

        record Close(int code) implements Outgoing {}

        /** Marks that the pending pong is due. */
        record Pong() implements Outgoing {}
    }

    private final URI address;
    private final SecureRandom random;
    private final Listener listener;
    private final Socket wire = new Socket();
    private final BlockingQueue<Outgoing> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    /** The payload of the newest unanswered ping; more than one answer never waits (RFC 6455 §5.5.3). */
    private final AtomicReference<byte[]> pong = new AtomicReference<>(NO_PONG);

    private final AtomicBoolean closing = new AtomicBoolean();

    /** @param address {@code ws:} or {@code wss:}; of the latter the certificate and its host are verified */
    public TextSocket(URI address, SecureRandom random, Listener listener) {
        this.address = address;
        this.random = random;
        this.listener = listener;
    }

    /**
     * Connects and shakes hands; then {@link Listener#opened} and what follows are called on a separate thread. To be
     * called once; {@link #abort} from another thread ends it.
     *
     * @throws IOException when there is no answer or it is no WebSocket; then the listener is not called
     */
    public void open() throws IOException {
        try {
            boolean secure = "wss".equalsIgnoreCase(address.getScheme());
            int port = address.getPort() >= 0 ? address.getPort() : secure ? 443 : 80;
            wire.setTcpNoDelay(true);
            wire.setKeepAlive(true);
            wire.connect(new InetSocketAddress(address.getHost(), port));
            Socket socket = secure ? secured(wire, address.getHost(), port) : wire;
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            var handshake = new Handshake(address, random);
            out.write(handshake.request());
            out.flush();
            handshake.verifyResponse(in);
            Thread writer = Thread.ofVirtual().name("kis-stream-out").start(() -> write(out));
            Thread.ofVirtual().name("kis-stream").start(() -> read(in, writer));
        } catch (IOException | RuntimeException trouble) {
            abort();
            throw trouble;
        }
    }

    /** Queues {@code text}; false when the queue is full or the connection is over. */
    public boolean send(String text) {
        return !closing.get() && waiting.offer(new Outgoing.Text(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Sends a close frame after the queued messages. To skip the wait for the answer call {@link #abort}. */
    @Override
    public void close() {
        if (closing.compareAndSet(false, true) && !waiting.offer(new Outgoing.Close(NORMAL))) {
            abort();
        }
    }

    /** Closes the connection at once. */
    public void abort() {
        closing.set(true);
        try {
            wire.close();
        } catch (IOException _) {
            // It is gone either way; the reader observes that.
        }
    }

    @SuppressWarnings("IllegalCatch")
    private void read(InputStream in, Thread writer) {
        int code = ABNORMAL;
        Optional<String> broken = Optional.empty();
        try {
            listener.opened();
            code = readFrames(new FrameInput(in), writer);
        } catch (BadSocketException bad) {
            code = bad.code;
            broken = bad.code == ABNORMAL ? Optional.empty() : Optional.ofNullable(bad.getMessage());
        } catch (IOException _) {
            // Reset, or closed by this side: an end without a close frame, as the code shows.
        } catch (Throwable bug) { // An unreported end would be a silent socket.
            broken = Optional.of(bug.getClass().getName());
        }
        abort();
        writer.interrupt();
        listener.ended(code, broken);
    }

    /** Reads until the peer closes; returns its code. */
    private int readFrames(FrameInput frames, Thread writer) throws IOException {
        while (true) {
            switch (frames.next()) {
                case FrameInput.Frame.Text(CharBuffer text) -> listener.text(text);
                case FrameInput.Frame.Ping(byte[] payload) -> {
                    if (pong.getAndSet(payload) == NO_PONG && !waiting.offer(new Outgoing.Pong())) {
                        throw new BadSocketException(ABNORMAL, "nothing is read any more");
                    }
                }
                case FrameInput.Frame.Close(int code) -> {
                    if (closing.compareAndSet(false, true) && waiting.offer(new Outgoing.Close(NORMAL))) {
                        awaitEnd(writer);
                    }
                    return code;
                }
                case FrameInput.Frame.Other() -> {}
            }
        }
    }

    private static void awaitEnd(Thread writer) {
        try {
            writer.join(CLOSE_WAIT);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(OutputStream out) {
        try {
            while (true) {
                switch (waiting.take()) {
                    case Outgoing.Text(byte[] utf8) -> frame(out, TEXT_FRAME, utf8);
                    case Outgoing.Pong() -> frame(out, PONG_FRAME, pong.getAndSet(NO_PONG));
                    case Outgoing.Close(int code) -> {
                        frame(out, CLOSE_FRAME, new byte[] {(byte) (code >> 8), (byte) code});
                        return;
                    }
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException _) {
            abort(); // The reader then reports the end.
        }
    }

    /** One masked frame (RFC 6455 §5.2, §5.3). */
    private void frame(OutputStream out, int head, byte[] payload) throws IOException {
        int extra = payload.length < 126 ? 0 : payload.length <= 0xFFFF ? 2 : 8;
        var bytes = new byte[2 + extra + MASK_BYTES + payload.length];
        bytes[0] = (byte) head;
        bytes[1] = (byte) (0x80 | (extra == 0 ? payload.length : extra == 2 ? 126 : 127));
        for (int i = 0; i < extra; i++) {
            bytes[2 + i] = (byte) ((long) payload.length >> 8 * (extra - 1 - i));
        }
        var mask = new byte[MASK_BYTES];
        random.nextBytes(mask);
        int at = 2 + extra;
        System.arraycopy(mask, 0, bytes, at, MASK_BYTES);
        at += MASK_BYTES;
        for (int i = 0; i < payload.length; i++) {
            bytes[at + i] = (byte) (payload[i] ^ mask[i % MASK_BYTES]);
        }
        out.write(bytes);
        out.flush();
    }

    private static Socket secured(Socket plain, String host, int port) throws IOException {
        var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        var socket = (SSLSocket) factory.createSocket(plain, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
