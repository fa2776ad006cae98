package kr.kisgateway.gateway.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import kr.kisgateway.edge.AnyPathListener;
import kr.kisgateway.edge.OriginRule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the listener itself refuses has KIS's shape and a status that says what to do: try again later, or not at all. */
class FaceListenerTest {
    private AnyPathListener listener;

    private static final AnyPathListener.Calls CALLS = new AnyPathListener.Calls() {
        @Override
        public AnyPathListener.Answer answer(AnyPathListener.Request request) {
            return new AnyPathListener.Answer.Text(200, "", Map.of(), "called");
        }

        @Override
        public AnyPathListener.Answer.Text refuse(int status) {
            return FaceAnswers.unreadable(status);
        }
    };

    private static final AnyPathListener.Sockets FULL = new AnyPathListener.Sockets() {
        @Override
        public OptionalInt refusal(String address) {
            return OptionalInt.of(503);
        }

        @Override
        public AnyPathListener.Socket open(String address) {
            throw new IllegalStateException("every upgrade is refused");
        }
    };

    @BeforeEach
    void start() {
        listener = new AnyPathListener(
                new AnyPathListener.Options(
                        "127.0.0.1",
                        0,
                        OriginRule.keyed("127.0.0.1"),
                        Set.of("GET", "POST"),
                        8_192,
                        8_192,
                        Duration.ofSeconds(10),
                        10,
                        AnyPathListener.Connections.plain()),
                CALLS,
                FULL);
        listener.start();
    }

    @AfterEach
    void stop() {
        listener.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET / HTTP/1.1, 200, called",
        "TRACE / HTTP/1.1, 400, EGW00101",
        "FOO /uapi/hashkey HTTP/1.1, 400, EGW00101",
        "PROPFIND /oauth2/tokenP HTTP/1.1, 400, EGW00101",
        "GET /uapi/%zz HTTP/1.1, 400, EGW00101"
    })
    void a_method_that_kis_does_not_have_is_refused_in_its_shape(String request, int status, String expected)
            throws IOException {
        assertThat(send(request + "\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status)
                .contains(expected)
                .doesNotContain("<html", "Endpoint");
    }

    @ParameterizedTest
    @CsvSource({"13, 503, EGW00300", "12, 400, EGW00101"})
    void a_websocket_without_room_may_be_tried_again_and_an_unreadable_one_not(String version, int status, String code)
            throws IOException {
        assertThat(send(
                        "GET /tryitout HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: " + version
                                + "\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status)
                .contains("\"rt_cd\":\"1\"", code);
    }

    private String send(String request) throws IOException {
        try (var socket = new Socket("127.0.0.1", listener.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
