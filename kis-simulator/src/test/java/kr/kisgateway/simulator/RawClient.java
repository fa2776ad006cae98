package kr.kisgateway.simulator;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of KIS that shares no code with the simulator, on the JDK's own sockets. */
public final class RawClient {
    static final Duration TIMEOUT = Duration.ofSeconds(10);
    static final String TRADING = "/uapi/domestic-stock/v1/trading/";
    private static final JsonMapper JSON = new JsonMapper();

    final URI rest;
    final URI ws;
    final String key;
    final String secret = "s".repeat(180);
    private final HttpClient http = HttpClient.newHttpClient();
    private String token = "none";

    /** The longest time for an answer. */
    Duration timeout = TIMEOUT;

    RawClient(KisSimulator simulator, String key) {
        this.rest = simulator.restBase();
        this.ws = simulator.wsBase();
        this.key = key;
    }

    /** A client of a process that serves everything on one port. */
    RawClient(int port, String key) {
        this.rest = URI.create("http://127.0.0.1:" + port);
        this.ws = URI.create("ws://127.0.0.1:" + port);
        this.key = key;
    }

    RawClient login() {
        token = json(post("/oauth2/tokenP", Map.of(), auth("appsecret")).body())
                .path("access_token")
                .stringValue();
        return this;
    }

    String token() {
        return token;
    }

    String approvalKey() {
        return json(post("/oauth2/Approval", Map.of(), auth("secretkey")).body())
                .path("approval_key")
                .stringValue();
    }

    private String auth(String secretName) {
        return "{\"grant_type\":\"client_credentials\",\"appkey\":\"" + key + "\",\"" + secretName + "\":\"" + secret
                + "\"}";
    }

    HttpResponse<String> post(String path, Map<String, String> headers, String body) {
        return send(
                HttpRequest.newBuilder(URI.create(rest + path)).POST(HttpRequest.BodyPublishers.ofString(body)),
                headers);
    }

    HttpResponse<String> get(String path, Map<String, String> headers) {
        return send(HttpRequest.newBuilder(URI.create(rest + path)).GET(), headers);
    }

    /** A call to another listener. */
    HttpResponse<String> getFrom(URI base, String path) {
        return send(
                HttpRequest.newBuilder(URI.create("http://" + base.getAuthority() + path))
                        .GET(),
                Map.of());
    }

    private HttpResponse<String> send(HttpRequest.Builder request, Map<String, String> headers) {
        try {
            return http.send(prepared(request, headers), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest prepared(HttpRequest.Builder request, Map<String, String> headers) {
        request.timeout(timeout);
        request.header("content-type", "application/json; charset=utf-8");
        request.header("authorization", "Bearer " + token);
        request.header("appkey", key);
        request.header("appsecret", secret);
        request.header("custtype", "P");
        headers.forEach(request::header);
        return request.build();
    }

    HttpResponse<String> order(String cano, String trId, String symbol, String dvsn, String qty, String price) {
        return post(TRADING + "order-cash", Map.of("tr_id", trId), orderBody(cano, symbol, dvsn, qty, price));
    }

    static String orderBody(String cano, String symbol, String dvsn, String qty, String price) {
        return "{\"CANO\":\"" + cano + "\",\"ACNT_PRDT_CD\":\"01\",\"PDNO\":\"" + symbol + "\",\"ORD_DVSN\":\"" + dvsn
                + "\",\"ORD_QTY\":\"" + qty + "\",\"ORD_UNPR\":\"" + price + "\"}";
    }

    HttpResponse<String> balance(String cano) {
        return get(
                TRADING + "inquire-balance?CANO=" + cano
                        + "&ACNT_PRDT_CD=01&AFHR_FLPR_YN=N&OFL_YN=&INQR_DVSN=02&UNPR_DVSN=01&FUND_STTL_ICLD_YN=N"
                        + "&FNCG_AMT_AUTO_RDPT_YN=N&PRCS_DVSN=00&CTX_AREA_FK100=&CTX_AREA_NK100=",
                Map.of("tr_id", "TTTC8434R"));
    }

    HttpResponse<String> daily(String cano) {
        return get(
                TRADING + "inquire-daily-ccld?CANO=" + cano
                        + "&ACNT_PRDT_CD=01&INQR_STRT_DT=00000101&INQR_END_DT=29991231&SLL_BUY_DVSN_CD=00&CCLD_DVSN=00"
                        + "&INQR_DVSN=01&INQR_DVSN_3=00&EXCG_ID_DVSN_CD=ALL",
                Map.of("tr_id", "TTTC0081R"));
    }

    /** The bytes of one answer, exactly as received, by a plain socket. */
    String rawGet(String pathAndHeaders) throws IOException {
        try (Socket socket = new Socket(rest.getHost(), rest.getPort())) {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            socket.getOutputStream()
                    .write(("GET " + pathAndHeaders + "authorization: Bearer " + token + "\r\nappKey: " + key
                                    + "\r\nappSecret: " + secret + "\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    Stream stream() {
        return new Stream(ws.resolve("/tryitout"));
    }

    /** A WebSocket on another listener. */
    Stream stream(URI base) {
        return new Stream(URI.create("ws://" + base.getAuthority() + "/tryitout"));
    }

    static String subscribe(String approvalKey, String trType, String trId, String trKey) {
        return "{\"header\":{\"approval_key\":\"" + approvalKey + "\",\"custtype\":\"P\",\"tr_type\":\"" + trType
                + "\",\"content-type\":\"utf-8\"},\"body\":{\"input\":{\"tr_id\":\"" + trId + "\",\"tr_key\":\"" + trKey
                + "\"}}}";
    }

    /**
     * A WebSocket whose messages can be awaited, on a bare socket: the JDK's own sometimes never reports an end that
     * follows directly on a message.
     */
    public static final class Stream implements AutoCloseable {
        public static final String CLOSED = "(closed)";
        private static final int TEXT = 1;
        private static final int CLOSE = 8;
        private static final int PING = 9;
        private static final int PONG = 10;
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        public final List<String> all = new ArrayList<>();
        private final Socket socket;
        private final DataInputStream in;

        /** @throws UncheckedIOException when it is not opened */
        public Stream(URI uri) {
            try {
                socket = new Socket(uri.getHost(), uri.getPort());
                socket.setTcpNoDelay(true);
                in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
                write(("GET " + uri.getPath() + " HTTP/1.1\r\nHost: " + uri.getAuthority()
                                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                + "Sec-WebSocket-Version: 13\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                var head = new StringBuilder();
                while (!head.toString().endsWith("\r\n\r\n")) {
                    head.append((char) in.readUnsignedByte());
                }
                if (!head.toString().startsWith("HTTP/1.1 101 ")) {
                    throw new IOException(head.toString());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Thread.ofVirtual().start(this::read);
        }

        private void read() {
            String end = CLOSED + "1006";
            try {
                var text = new ByteArrayOutputStream();
                while (true) {
                    int first = in.readUnsignedByte();
                    int length = in.readUnsignedByte();
                    byte[] payload = new byte
                            [length == 126 ? in.readUnsignedShort() : length == 127 ? (int) in.readLong() : length];
                    in.readFully(payload);
                    switch (first & 0xF) {
                        case 0, TEXT -> {
                            text.writeBytes(payload);
                            if (first >= 0x80) {
                                received.add(text.toString(StandardCharsets.UTF_8));
                                text.reset();
                            }
                        }
                        case PING -> frame(PONG, payload);
                        case CLOSE -> {
                            end = CLOSED + (payload.length < 2 ? 1005 : (payload[0] & 0xFF) << 8 | payload[1] & 0xFF);
                            frame(CLOSE, payload);
                            return;
                        }
                        default -> {}
                    }
                }
            } catch (IOException e) {
                // An end without a close frame.
            } finally {
                received.add(end);
                close();
            }
        }

        public Stream send(String text) {
            try {
                frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }

        public void pong(String text) throws IOException {
            frame(PONG, text.getBytes(StandardCharsets.UTF_8));
        }

        /** Sends a close frame. */
        public void sendClose() throws IOException {
            frame(CLOSE, new byte[] {3, (byte) 0xE8});
        }

        /** Masked with zeros, which RFC 6455 allows a test to do. */
        private synchronized void frame(int kind, byte[] payload) throws IOException {
            var frame = new ByteArrayOutputStream();
            frame.write(0x80 | kind);
            if (payload.length < 126) {
                frame.write(0x80 | payload.length);
            } else {
                frame.writeBytes(new byte[] {(byte) 0xFE, (byte) (payload.length >> 8), (byte) payload.length});
            }
            frame.writeBytes(new byte[4]);
            frame.writeBytes(payload);
            write(frame.toByteArray());
        }

        private void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        /** The next message, if it comes in that time. */
        public Optional<String> next(Duration time) throws InterruptedException {
            Optional<String> next = Optional.ofNullable(received.poll(time.toNanos(), TimeUnit.NANOSECONDS));
            next.ifPresent(all::add);
            return next;
        }

        /** The next message that matches; those before it are stored in {@link #all} and skipped. */
        public String await(Predicate<String> condition) throws InterruptedException {
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (true) {
                String next = received.poll(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (next == null) {
                    throw new AssertionError("no such message in " + TIMEOUT + ", only " + all);
                }
                all.add(next);
                if (condition.test(next)) {
                    return next;
                }
            }
        }

        public String await(String part) throws InterruptedException {
            return await(text -> text.contains(part));
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
