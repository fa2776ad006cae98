package kr.kisgateway.bench.load;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * A WebSocket client of KIS that registers and then counts frames, reading only the length of each: a client that does
 * more would measure itself.
 */
public final class FrameCount implements AutoCloseable {
    private static final int READ = 256 * 1024;
    private static final int SHORT = 126;
    private static final int LONG = 127;

    private final Socket socket;
    private final LongAdder frames;
    private final byte[] data = new byte[READ];
    private int length;
    private long skip;
    private volatile boolean ended;
    private volatile boolean closing;

    private FrameCount(Socket socket, LongAdder frames) {
        this.socket = socket;
        this.frames = frames;
    }

    /** Connects, sends {@code texts}, and counts from then on, on a thread of its own. */
    public static FrameCount open(int port, List<String> texts, LongAdder frames) throws IOException {
        var counting = new FrameCount(new Socket(InetAddress.getLoopbackAddress(), port), frames);
        try {
            counting.socket.setTcpNoDelay(true);
            counting.handshake(port);
            var out = new ByteArrayOutputStream();
            for (var text : texts) out.writeBytes(maskedFrame(text.getBytes(StandardCharsets.UTF_8)));
            counting.socket.getOutputStream().write(out.toByteArray());
            Thread.ofPlatform().daemon().name("frame-count").start(counting::read);
            return counting;
        } catch (IOException | RuntimeException e) {
            counting.close();
            throw e;
        }
    }

    /** Whether the peer has closed it. */
    public boolean ended() {
        return ended;
    }

    private void handshake(int port) throws IOException {
        socket.getOutputStream()
                .write(("GET /tryitout HTTP/1.1\r\nHost: 127.0.0.1:" + port
                                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) throw new EOFException("no answer to the handshake: " + head);
            head.append((char) next);
        }
        if (!head.toString().startsWith("HTTP/1.1 101")) throw new IOException("not upgraded: " + head);
    }

    /** A text frame with the mask 0, which leaves the bytes as they are. */
    private static byte[] maskedFrame(byte[] text) {
        var out = new ByteArrayOutputStream();
        out.write(0x81);
        out.write(0x80 | SHORT);
        out.write(text.length >> 8);
        out.write(text.length & 0xFF);
        out.writeBytes(new byte[4]);
        out.writeBytes(text);
        return out.toByteArray();
    }

    private void read() {
        try {
            InputStream in = socket.getInputStream();
            for (int count = in.read(data, length, READ - length);
                    count >= 0;
                    count = in.read(data, length, READ - length)) {
                length += count;
                count();
            }
        } catch (IOException e) {
            // The end of the loop reports it: the peer closed it, unless this side did.
        }
        ended = !closing;
    }

    /** Counts the frames whose beginning is buffered; the rest of an incomplete frame is skipped as it arrives. */
    private void count() {
        int at = 0;
        while (at < length) {
            if (skip > 0) {
                int skipped = (int) Math.min(skip, length - at);
                skip -= skipped;
                at += skipped;
                continue;
            }
            int head = length - at < 2 ? READ : headLength(data[at + 1] & 0x7F);
            if (length - at < head) break;
            skip = payload(at + 1);
            at += head;
            frames.increment();
        }
        System.arraycopy(data, at, data, 0, length - at);
        length -= at;
    }

    private static int headLength(int size) {
        return size == LONG ? 10 : size == SHORT ? 4 : 2;
    }

    private long payload(int at) {
        int size = data[at] & 0x7F;
        int bytes = headLength(size) - 2;
        long value = bytes == 0 ? size : 0;
        for (int i = 1; i <= bytes; i++) value = value << 8 | data[at + i] & 0xFF;
        return value;
    }

    @Override
    public void close() {
        closing = true;
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("a socket of the bench could not be closed", e);
        }
    }
}
