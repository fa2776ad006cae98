package kr.kisgateway.simulator.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** HTTP by hand: bytes on a socket, so that every spelling is visible as sent. */
final class RawHttp {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int TIMEOUT_MS = 10_000;

    private RawHttp() {}

    /**
     * An answer as received.
     *
     * @param headerLines the header lines, in their order and spelling
     */
    record Answer(int status, List<String> headerLines, String body) {
        /** A header by the exact spelling of its name; empty when no line begins with it. */
        Optional<String> header(String name) {
            return headerLines.stream()
                    .filter(line -> line.startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst();
        }

        JsonNode json() {
            return JSON.readTree(body);
        }

        JsonNode output() {
            return json().path("output");
        }

        /** Status and code, as {@code 500 EGW00201}. */
        String code() {
            JsonNode json = json();
            return status + " "
                    + json.path("msg_cd").asString(json.path("error_code").asString("-"));
        }
    }

    static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    static Answer call(URI base, String method, String path, List<String> headers, String body) {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(TIMEOUT_MS);
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + base.getAuthority() + "\r\n");
            headers.forEach(line -> head.append(line).append("\r\n"));
            if (bytes.length > 0) {
                head.append("Content-Length: ").append(bytes.length).append("\r\n");
            }
            head.append("Connection: close\r\n\r\n");
            socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return read(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer read(InputStream in) throws IOException {
        byte[] all = in.readAllBytes();
        String text = new String(all, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("no answer, only " + text);
        }
        List<String> lines = List.of(text.substring(0, end).split("\r\n"));
        List<String> heads = lines.subList(1, lines.size());
        boolean chunked = heads.stream().anyMatch(line -> line.equalsIgnoreCase("Transfer-Encoding: chunked"));
        byte[] rest = text.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1);
        String body = new String(chunked ? joined(rest) : rest, StandardCharsets.UTF_8);
        return new Answer(Integer.parseInt(lines.getFirst().split(" ")[1]), heads, body);
    }

    private static byte[] joined(byte[] chunks) {
        var joined = new ByteArrayOutputStream();
        String text = new String(chunks, StandardCharsets.ISO_8859_1);
        int at = 0;
        while (true) {
            int line = text.indexOf("\r\n", at);
            int size = Integer.parseInt(text.substring(at, line).split(";")[0].strip(), 16);
            if (size == 0) {
                return joined.toByteArray();
            }
            joined.write(chunks, line + 2, size);
            at = line + 2 + size + 2;
        }
    }
}
