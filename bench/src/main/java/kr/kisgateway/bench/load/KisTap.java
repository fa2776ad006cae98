package kr.kisgateway.bench.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.parse.BadFrame;
import kr.kisgateway.wire.parse.ControlMessage;
import kr.kisgateway.wire.parse.FrameListener;
import kr.kisgateway.wire.parse.FrameParser;
import kr.kisgateway.wire.parse.UntypedFrame;

/**
 * A tap between a gateway and the simulator that forwards every byte at once, and reports when an order's first byte
 * arrived and when a fill's notice passed. One thread per direction and connection: it adds one wake-up.
 */
public final class KisTap implements AutoCloseable {
    private static final int READ = 64 * 1024;
    private static final byte[] ORDER =
            "POST /uapi/domestic-stock/v1/trading/order-cash".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)\r\n");
    private static final Pattern UPGRADE = Pattern.compile("(?i)\r\nupgrade: *websocket\r\n");
    private static final Pattern FIELD = Pattern.compile("\"(PDNO|ORD_QTY|ORD_UNPR)\" *: *\"(\\w*)\"");

    private final ServerSocket server;
    private final int target;
    private final LongSupplier nanos;
    private final Watcher watcher;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Receives observations, on the thread that forwards the bytes. */
    public interface Watcher {
        /** The first byte of this order's request passed at {@code nanos}. */
        void orderSent(OrderMix.Terms order, long nanos);

        /** The frame with this notice passed at {@code nanos}. */
        void noticeReceived(ExecutionNotice notice, long nanos);
    }

    private KisTap(ServerSocket server, int target, LongSupplier nanos, Watcher watcher) {
        this.server = server;
        this.target = target;
        this.nanos = nanos;
        this.watcher = watcher;
    }

    /** Accepts connections on a free port and forwards them to {@code target}. */
    public static KisTap open(int target, LongSupplier nanos, Watcher watcher) throws IOException {
        var tap = new KisTap(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), target, nanos, watcher);
        tap.thread("tap-accept", tap::accept);
        return tap;
    }

    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!closed) {
            try {
                var gatewaySocket = server.accept();
                sockets.add(gatewaySocket);
                var kisSocket = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(kisSocket);
                gatewaySocket.setTcpNoDelay(true);
                kisSocket.setTcpNoDelay(true);
                var webSocket = new AtomicBoolean();
                var requests = new Requests(webSocket);
                var frames = new Frames(webSocket);
                thread("tap-to-kis", () -> carry(gatewaySocket, kisSocket, requests::receive));
                thread("tap-from-kis", () -> carry(kisSocket, gatewaySocket, frames::receive));
            } catch (IOException e) {
                // The gateway sees a connection that ended; while the tap is open the measurement reports that.
            }
        }
    }

    /** Inspects bytes that are already forwarded. */
    private interface ByteObserver {
        void observe(byte[] bytes, int count, long nanos);
    }

    private void carry(Socket from, Socket to, ByteObserver observer) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            var out = to.getOutputStream();
            var bytes = new byte[READ];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                long now = nanos.getAsLong();
                out.write(bytes, 0, count);
                observer.observe(bytes, count, now);
            }
        } catch (IOException e) {
            // One side ended; closing both notifies the other.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    /** One connection's requests, one after another. */
    private final class Requests {
        private final AtomicBoolean webSocket;
        private final ByteArrayOutputStream buffered = new ByteArrayOutputStream();
        private long startedAt;

        Requests(AtomicBoolean webSocket) {
            this.webSocket = webSocket;
        }

        void receive(byte[] bytes, int count, long now) {
            if (webSocket.get()) return;
            if (buffered.size() == 0) startedAt = now;
            buffered.write(bytes, 0, count);
            var text = buffered.toString(StandardCharsets.UTF_8);
            int end = text.indexOf("\r\n\r\n");
            if (end < 0) return;
            var head = text.substring(0, end + 2);
            if (UPGRADE.matcher(head).find()) {
                webSocket.set(true);
                return;
            }
            var length = LENGTH.matcher(head);
            int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
            if (buffered.size() < end + 4 + body) return;
            if (startsWith(buffered.toByteArray(), ORDER)) order(text.substring(end + 4));
            buffered.reset();
        }

        private void order(String body) {
            var symbol = "";
            int qty = 0;
            long price = 0;
            var field = FIELD.matcher(body);
            while (field.find()) {
                switch (field.group(1)) {
                    case "PDNO" -> symbol = field.group(2);
                    case "ORD_QTY" -> qty = Integer.parseInt(field.group(2));
                    default -> price = Long.parseLong(field.group(2));
                }
            }
            watcher.orderSent(new OrderMix.Terms(symbol, qty, price), startedAt);
        }
    }

    /** One connection's WebSocket frames from KIS, if it is one; answers of REST calls are ignored. */
    private final class Frames implements FrameListener {
        private final AtomicBoolean webSocket;
        private final AtomicReference<Optional<NoticeKey>> key = new AtomicReference<>(Optional.empty());
        private final FrameParser parser = new FrameParser(this, tr -> key.get());
        private byte[] buffer = new byte[READ];
        private int length;
        private boolean open;
        private long now;

        Frames(AtomicBoolean webSocket) {
            this.webSocket = webSocket;
        }

        void receive(byte[] bytes, int count, long at) {
            if (!webSocket.get()) return;
            now = at;
            if (buffer.length < length + count) buffer = Arrays.copyOf(buffer, 2 * (length + count));
            System.arraycopy(bytes, 0, buffer, length, count);
            length += count;
            int used = open ? 0 : handshake();
            open |= used > 0;
            if (open) used = frames(used);
            System.arraycopy(buffer, used, buffer, 0, length - used);
            length -= used;
        }

        private int handshake() {
            int end = new String(buffer, 0, length, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
            return end < 0 ? 0 : end + 4;
        }

        /** KIS sends whole texts below 64 KiB, unmasked. */
        private int frames(int from) {
            int at = from;
            while (length - at >= 2) {
                int size = buffer[at + 1] & 127;
                int head = size == 126 ? 4 : 2;
                if (length - at < head) break;
                if (size == 126) size = (buffer[at + 2] & 255) << 8 | buffer[at + 3] & 255;
                if (length - at < head + size) break;
                if ((buffer[at] & 15) == 1) text(new String(buffer, at + head, size, StandardCharsets.UTF_8));
                at += head + size;
            }
            return at;
        }

        private void text(String text) {
            if (!ControlMessage.isControlMessage(text)) {
                if (text.startsWith("1|")) parser.parse(text);
            } else if (ControlMessage.parse(text) instanceof ControlMessage.Ack ack
                    && ack.trId().startsWith("H0STCNI")) {
                key.set(ack.key());
            }
        }

        @Override
        public void notice(ExecutionNotice notice) {
            watcher.noticeReceived(notice, now);
        }

        @Override
        public void trade(Trade trade) {}

        @Override
        public void book(OrderBook book) {}

        @Override
        public void rows(UntypedFrame frame) {}

        @Override
        public void bad(BadFrame bad) {}
    }

    private static boolean startsWith(byte[] bytes, byte[] beginning) {
        return bytes.length >= beginning.length
                && Arrays.equals(bytes, 0, beginning.length, beginning, 0, beginning.length);
    }

    private void thread(String name, Runnable work) {
        Thread.ofPlatform().daemon().name(name).start(work);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        for (var socket : sockets) socket.close();
    }
}
