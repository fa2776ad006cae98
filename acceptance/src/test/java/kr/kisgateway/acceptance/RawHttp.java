package kr.kisgateway.acceptance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** HTTP byte by byte, for requests that no client library sends. */
final class RawHttp {
    private static final JsonMapper JSON = new JsonMapper();

    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");

    private RawHttp() {}

    /** @param status 0 when the server closed without an answer */
    record Reply(int status, TreeMap<String, String> headers, String body) {
        JsonNode json() {
            return JSON.readTree(body);
        }

        String code() {
            return body.startsWith("{") ? json().path("code").asString("") : "";
        }

        Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
        }
    }

    /** A request with a right Host and Content-Length, closed after the answer. */
    static byte[] request(int port, String line, List<String> headers, byte[] body) {
        var head = new StringBuilder(line).append(" HTTP/1.1\r\n");
        if (headers.stream().noneMatch(h -> h.toLowerCase(Locale.ROOT).startsWith("host:"))) {
            head.append("Host: 127.0.0.1:").append(port).append("\r\n");
        }
        headers.forEach(h -> head.append(h).append("\r\n"));
        if (body.length > 0) head.append("Content-Length: ").append(body.length).append("\r\n");
        if (headers.stream().noneMatch(h -> h.startsWith("Connection:"))) head.append("Connection: close\r\n");
        head.append("\r\n");
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    /** Sends the bytes and reads until the server closes. */
    static Reply send(int port, byte[] bytes) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(15_000);
            try {
                socket.getOutputStream().write(bytes);
                socket.getOutputStream().flush();
            } catch (SocketException e) {
                // The server answered and closed before it had read everything; the answer may still be in the buffer.
            }
            return parse(readAll(socket));
        }
    }

    private static byte[] readAll(Socket socket) throws IOException {
        var read = new ByteArrayOutputStream();
        var buffer = new byte[8192];
        try {
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                read.write(buffer, 0, n);
                if (isComplete(read)) break;
            }
        } catch (SocketException e) {
            // A reset after the answer: the bytes read count.
        }
        return read.toByteArray();
    }

    /** Not every connection is closed after its answer: an upgrade is not, nor its refusal. */
    private static boolean isComplete(ByteArrayOutputStream read) {
        var text = read.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) return false;
        if (text.startsWith("HTTP/1.1 101")) return true;
        var length = LENGTH.matcher(text.substring(0, end));
        return length.find() && text.length() - end - 4 >= Integer.parseInt(length.group(1));
    }

    private static Reply parse(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        var headers = new TreeMap<String, String>();
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) return new Reply(0, headers, text);
        var lines = text.substring(0, end).split("\r\n");
        for (var line : List.of(lines).subList(1, lines.length)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Reply(Integer.parseInt(lines[0].split(" ")[1]), headers, text.substring(end + 4));
    }
}
