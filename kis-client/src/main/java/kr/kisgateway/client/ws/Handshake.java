package kr.kisgateway.client.ws;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The HTTP/1.1 exchange that turns a connection into a WebSocket (RFC 6455 §4). */
final class Handshake {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;
    private static final int ANSWER_BYTES_MAX = 16_384;
    private static final int SWITCHING_PROTOCOLS = 101;

    private final URI address;
    private final String key;

    Handshake(URI address, SecureRandom random) {
        this.address = address;
        var bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        this.key = Base64.getEncoder().encodeToString(bytes);
    }

    byte[] request() {
        String path = address.getRawPath() == null || address.getRawPath().isEmpty() ? "/" : address.getRawPath();
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        String port = address.getPort() < 0 ? "" : ":" + address.getPort();
        return ("GET " + path + query + " HTTP/1.1\r\nHost: " + address.getHost() + port
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " + key
                        + "\r\nSec-WebSocket-Version: 13\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads the answer up to its blank line and not a byte further. */
    void verifyResponse(InputStream in) throws IOException {
        List<String> lines = readHead(in).lines().toList();
        String[] status = (lines.isEmpty() ? "" : lines.getFirst()).split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/1.") || !status[1].matches("[0-9]{3}")) {
            throw new BadSocketException(TextSocket.PROTOCOL_ERROR, "no HTTP answer to the handshake");
        }
        if (Integer.parseInt(status[1]) != SWITCHING_PROTOCOLS) {
            throw new BadSocketException(TextSocket.PROTOCOL_ERROR, "HTTP " + status[1] + " instead of a WebSocket");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        if (!headers.getOrDefault("upgrade", "").equalsIgnoreCase("websocket")
                || !headers.getOrDefault("sec-websocket-accept", "").equals(accept())) {
            throw new BadSocketException(TextSocket.PROTOCOL_ERROR, "the handshake was answered by something else");
        }
        if (headers.containsKey("sec-websocket-extensions") || headers.containsKey("sec-websocket-protocol")) {
            throw new BadSocketException(TextSocket.PROTOCOL_ERROR, "an unrequested extension");
        }
    }

    private String accept() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-1", impossible);
        }
    }

    private static String readHead(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        int newLines = 0;
        while (newLines < 2) {
            int next = in.read();
            if (next < 0) {
                throw new BadSocketException(TextSocket.ABNORMAL, "closed within the handshake");
            }
            if (bytes.size() == ANSWER_BYTES_MAX) {
                throw new BadSocketException(TextSocket.PROTOCOL_ERROR, "an endless answer to the handshake");
            }
            bytes.write(next);
            if (next == '\n') {
                newLines++;
            } else if (next != '\r') {
                newLines = 0;
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
