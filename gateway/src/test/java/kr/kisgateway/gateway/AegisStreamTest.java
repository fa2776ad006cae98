package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** The streams of the versions, byte by byte: which of them compress, and how. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AegisStreamTest {
    private static final String DEFLATE = "permessage-deflate";
    private static final String AGREED = "permessage-deflate;client_no_context_takeover;server_no_context_takeover";
    private static final byte[] EMPTY_BLOCK = {0, 0, (byte) 0xff, (byte) 0xff};

    private GatewayFixture gateway;

    @BeforeAll
    void start(@TempDir Path folder) {
        gateway = GatewayFixture.start(folder);
        gateway.awaitReady();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    /** A WebSocket without a library. */
    private final class RawSocket implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private final String head;

        RawSocket(String path, String extensions) throws IOException {
            int port = gateway.gateway().port();
            socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout(60_000);
            var offer = extensions.isEmpty() ? "" : "Sec-WebSocket-Extensions: " + extensions + "\r\n";
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                    + offer + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            in = new DataInputStream(socket.getInputStream());
            var text = new StringBuilder();
            while (text.indexOf("\r\n\r\n") < 0) {
                text.append((char) in.readUnsignedByte());
            }
            head = text.toString();
            assertThat(head).startsWith("HTTP/1.1 101");
        }

        Optional<String> header(String name) {
            return head.lines()
                    .filter(line -> line.toLowerCase(java.util.Locale.ROOT)
                            .startsWith(name.toLowerCase(java.util.Locale.ROOT) + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst();
        }

        void send(String text, boolean compressed) throws IOException {
            var payload = compressed ? deflate(text) : text.getBytes(StandardCharsets.UTF_8);
            var frame = ByteBuffer.allocate(payload.length + 8)
                    .put((byte) (compressed ? 0xc1 : 0x81))
                    .put((byte) (0x80 | 126))
                    .putShort((short) payload.length)
                    .putInt(0)
                    .put(payload);
            socket.getOutputStream().write(frame.array());
        }

        /** The next text frame: whether it is compressed, and its text. */
        Received next() throws IOException, DataFormatException {
            while (true) {
                int first = in.readUnsignedByte();
                long length = in.readUnsignedByte();
                length = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
                var payload = in.readNBytes(Math.toIntExact(length));
                if ((first & 15) == 1) {
                    assertThat(first & 0x80).as("one frame a message").isNotZero();
                    boolean compressed = (first & 0x40) != 0;
                    return new Received(
                            compressed,
                            payload.length,
                            compressed ? inflate(payload) : new String(payload, StandardCharsets.UTF_8));
                }
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private record Received(boolean compressed, int bytes, String text) {}

    private static byte[] deflate(String text) {
        var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
        var out = new byte[1 << 16];
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return java.util.Arrays.copyOf(out, length - EMPTY_BLOCK.length);
    }

    /** Of a message on its own: without the context of earlier ones. */
    private static String inflate(byte[] payload) throws DataFormatException {
        var inflater = new Inflater(true);
        var joined = ByteBuffer.allocate(payload.length + EMPTY_BLOCK.length)
                .put(payload)
                .put(EMPTY_BLOCK)
                .array();
        inflater.setInput(joined);
        var out = new ByteArrayOutputStream();
        var buffer = new byte[8192];
        for (int read = inflater.inflate(buffer); read > 0; read = inflater.inflate(buffer)) {
            out.write(buffer, 0, read);
        }
        inflater.end();
        return out.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /api/v3.1/stream | permessage-deflate                                     | yes
            /api/v3.1/stream | permessage-deflate; client_max_window_bits             | yes
            /api/v3.1/stream | x-webkit-deflate-frame, permessage-deflate             | yes
            /api/v3.1/stream | permessage-deflate; server_max_window_bits=10          | no
            /api/v3.1/stream | permessage-deflate; server_max_window_bits=10, permessage-deflate | yes
            /api/v3.1/stream | x-other                                                | no
            /api/v3.1/stream | ''                                                     | no
            /api/v3.0/stream | permessage-deflate                                     | no
            /api/v3.0/stream | permessage-deflate; client_max_window_bits             | no
            /api/v3.0/stream | ''                                                     | no
            /v1/stream       | permessage-deflate                                     | yes
            /v1/stream       | permessage-deflate; server_max_window_bits=10          | no
            """)
    @Requirement(value = "A-25", clause = "versions")
    void compression_is_agreed_where_the_version_has_it_and_the_client_offers_it(
            String path, String offer, String agreed) throws Exception {
        try (var socket = new RawSocket(path, offer)) {
            assertThat(socket.header("Sec-WebSocket-Extensions"))
                    .isEqualTo(agreed.equals("yes") ? Optional.of(AGREED) : Optional.empty());
            var hello = socket.next();
            assertThat(hello.text()).contains("\"op\":\"hello\"");
            assertThat(hello.compressed()).isEqualTo(agreed.equals("yes"));
        }
    }

    @Test
    void a_compressed_stream_takes_compressed_and_plain_requests_and_each_message_stands_alone() throws Exception {
        var mapper = new JsonMapper();
        try (var socket = new RawSocket("/api/v3.1/stream", DEFLATE)) {
            assertThat(socket.next().text()).contains("hello");
            socket.send("{\"op\":\"subscribe\",\"channels\":[\"books\"],\"symbols\":[\"005930\"],\"id\":\"1\"}", true);
            assertThat(socket.next().text()).contains("\"op\":\"ack\"", "\"id\":\"1\"");
            Received book = socket.next();
            while (!book.text().contains("\"ch\":\"books\"")) {
                book = socket.next();
            }
            assertThat(mapper.readTree(book.text()).isMissingNode()).isFalse();
            assertThat(book.compressed()).isTrue();
            assertThat(book.bytes()).isLessThan(book.text().length() * 2 / 3);
            socket.send("{\"op\":\"nonsense\",\"id\":\"2\"}", false);
            var answer = socket.next();
            while (!answer.text().contains("\"op\":\"error\"")) {
                answer = socket.next();
            }
            assertThat(answer.compressed()).isTrue();
        }
    }

    @Test
    void a_compressed_request_that_grows_beyond_the_bound_ends_its_connection() throws Exception {
        try (var socket = new RawSocket("/api/v3.1/stream", DEFLATE)) {
            assertThat(socket.next().text()).contains("hello");
            socket.send("{\"op\":\"" + " ".repeat(1 << 22) + "\"}", true);
            Await.until("the connection is closed", () -> {
                try {
                    socket.next();
                    return false;
                } catch (IOException e) {
                    return true;
                }
            });
        }
        assertThat(gateway.get("/v1/versions").statusCode()).isEqualTo(200);
    }

    @Test
    void the_upgrade_of_3_0_announces_its_end() throws Exception {
        try (var socket = new RawSocket("/api/v3.0/stream", "")) {
            assertThat(socket.header("Deprecation").orElse("")).startsWith("@");
            assertThat(socket.header("Sunset").orElse("")).endsWith("GMT");
        }
    }
}
