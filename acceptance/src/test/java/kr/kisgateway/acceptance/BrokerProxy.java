package kr.kisgateway.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/**
 * A proxy between a gateway and its broker that can change one code of the broker's price answers: the simulator has no
 * source for the exchange's designation of an issue. It also records the tokens and approval keys that the broker issues.
 */
final class BrokerProxy implements AutoCloseable {
    private static final String FIELD = "\"iscd_stat_cls_code\":\"";
    private static final int CODE = 2;
    private static final Pattern ISSUED = Pattern.compile("\"(access_token|approval_key)\"\\s*:\\s*\"([^\"]+)\"");

    private final int broker;
    private final ServerSocket listenSocket;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final Map<String, String> issued = new ConcurrentHashMap<>();
    private volatile String code = "55";

    private BrokerProxy(int broker) throws IOException {
        this.broker = broker;
        this.listenSocket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    static BrokerProxy to(int broker) {
        try {
            var relay = new BrokerProxy(broker);
            Thread.ofVirtual().start(relay::accept);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + listenSocket.getLocalPort();
    }

    /** From now on every price answer carries {@code status} as the designation of its issue. */
    void setIssueStatus(String status) {
        if (status.length() != CODE) throw new IllegalArgumentException(status);
        code = status;
    }

    /** The secrets that the broker issued, with the names of their fields. */
    Map<String, String> issued() {
        return Map.copyOf(issued);
    }

    private void accept() {
        try {
            while (true) {
                var gatewaySide = listenSocket.accept();
                var brokerSide = new Socket(InetAddress.getLoopbackAddress(), broker);
                open.addAll(List.of(gatewaySide, brokerSide));
                Thread.ofVirtual().start(() -> forward(gatewaySide, brokerSide, false));
                Thread.ofVirtual().start(() -> forward(brokerSide, gatewaySide, true));
            }
        } catch (IOException closed) {
            close();
        }
    }

    private void forward(Socket from, Socket to, boolean answers) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            var buffer = new byte[1 << 16];
            int buffered = 0;
            for (int read; (read = in.read(buffer, buffered, buffer.length - buffered)) >= 0; ) {
                int length = buffered + read;
                int ready = answers ? applyStatus(buffer, length) : length;
                out.write(buffer, 0, ready);
                out.flush();
                buffered = length - ready;
                System.arraycopy(buffer, ready, buffer, 0, buffered);
            }
            out.write(buffer, 0, buffered);
        } catch (IOException closed) {
            // one end closed, so the other one is closed as well
        }
    }

    /** Inserts the code and returns how many bytes may be forwarded: an incomplete field waits for its rest. */
    private int applyStatus(byte[] buffer, int length) {
        var text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
        ISSUED.matcher(text).results().forEach(field -> issued.put(field.group(2), field.group(1)));
        int at = text.indexOf(FIELD);
        while (at >= 0 && at + FIELD.length() + CODE <= length) {
            System.arraycopy(code.getBytes(StandardCharsets.US_ASCII), 0, buffer, at + FIELD.length(), CODE);
            at = text.indexOf(FIELD, at + 1);
        }
        if (at >= 0) return at;
        for (int matched = Math.min(FIELD.length() - 1, length); matched > 0; matched--) {
            if (FIELD.startsWith(text.substring(length - matched))) return length - matched;
        }
        return length;
    }

    @Override
    public void close() {
        try {
            listenSocket.close();
            for (var socket : open) socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
