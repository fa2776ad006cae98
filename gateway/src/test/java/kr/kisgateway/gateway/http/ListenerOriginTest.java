package kr.kisgateway.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each listener of the product, over a real socket with the headers of browsers and WebSocket clients. */
@Tag("slow")
class ListenerOriginTest {
    @TempDir
    private Path folder;

    private HttpEdge edge;
    private KisSimulator both;
    private KisSimulator two;

    /** @param call a path that answers 200 to GET; empty for a listener of WebSockets alone */
    private record Listener(String name, int port, Optional<String> call, Optional<String> socket) {}

    @BeforeEach
    void start() {
        edge = HttpEdge.start(
                EdgeSettings.defaults("127.0.0.1", 0),
                new RouteTable()
                        .get(
                                Role.QUOTE,
                                "/things",
                                call -> call.answer(
                                        new JsonBuffer().beginObject().endObject()))
                        .socket(Role.QUOTE, "/stream", new SilentHandler()),
                (knock, needed) -> Caller.local(Role.ADMIN),
                new TraceIds(1),
                new ThreadTaskRunner());
        both = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("both.db")));
        two = KisSimulator.start(
                SimulatorConfig.defaults(folder.resolve("two.db")).withSocketPort(0));
    }

    @AfterEach
    void stop() {
        two.close();
        both.close();
        edge.close();
    }

    private List<Listener> listeners() {
        return List.of(
                new Listener("gateway", edge.port(), Optional.of("/things"), Optional.of("/stream")),
                new Listener("simulator", both.port(), Optional.of("/simulator/state"), Optional.of("/tryitout")),
                new Listener("simulator's REST", two.port(), Optional.of("/simulator/state"), Optional.empty()),
                new Listener(
                        "simulator's WebSockets",
                        two.wsBase().getPort(),
                        Optional.of("/simulator/state"),
                        Optional.of("/tryitout")));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:{port}, , , true",
        "127.0.0.1:{port}, Origin: http://127.0.0.1:{port}, , true",
        "localhost:{port}, Origin: http://localhost:{port}, , true",
        "localhost:{port}, Origin: http://127.0.0.1:{port}, , false",
        "127.0.0.1:{port}, Origin: http://localhost:{port}, , false",
        "127.0.0.1:{port}, Origin: http://127.0.0.1:{port}, Sec-Fetch-Site: same-origin, true",
        "127.0.0.1:{port}, Origin: https://evil.example, , false",
        "127.0.0.1:{port}, Origin: http://127.0.0.1:1, , false",
        "127.0.0.1:{port}, Origin: null, , false",
        "127.0.0.1:{port}, Origin: http://127.0.0.1:{port}, Origin: https://evil.example, false",
        "127.0.0.1:{port}, Sec-Fetch-Site: cross-site, , false",
        "127.0.0.1:{port}, Sec-Fetch-Site: none, Sec-Fetch-Site: cross-site, false",
        "evil.example:{port}, Origin: http://evil.example:{port}, , false",
        "evil.example:{port}, , , false",
    })
    void every_listener_accepts_its_own_or_no_origin_and_refuses_any_other(
            String host, String first, String second, boolean accepted) throws IOException {
        for (var listener : listeners()) {
            var headers = new ArrayList<String>();
            headers.add("Host: " + host);
            Optional.ofNullable(first).ifPresent(headers::add);
            Optional.ofNullable(second).ifPresent(headers::add);
            var text = String.join("\r\n", headers).replace("{port}", Integer.toString(listener.port())) + "\r\n";

            if (listener.call().isPresent()) {
                assertThat(status(listener, "GET " + listener.call().get(), text + "Connection: close\r\n"))
                        .as("call of the %s", listener.name())
                        .isEqualTo(accepted ? 200 : 403);
            }
            if (listener.socket().isPresent()) {
                var upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
                assertThat(status(listener, "GET " + listener.socket().get(), text + upgrade))
                        .as("WebSocket of the %s", listener.name())
                        .isEqualTo(accepted ? 101 : 403);
            }
        }
    }

    private static int status(Listener listener, String what, String headers) throws IOException {
        try (var socket = new Socket("127.0.0.1", listener.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write((what + " HTTP/1.1\r\n" + headers + "\r\n").getBytes(StandardCharsets.US_ASCII));
            var line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return Integer.parseInt(line.substring(9));
        }
    }

    private static final class SilentHandler implements SocketHandler {
        @Override
        public Optional<Refusal> refusalFor(Caller caller) {
            return Optional.empty();
        }

        @Override
        public String subprotocol() {
            return "quotes.v1";
        }

        @Override
        public SocketListener opened(SocketConnection connection, Caller caller) {
            return new SocketListener() {
                @Override
                public void text(String message) {
                    // No message is sent here.
                }

                @Override
                public void closed() {
                    // No token is stored.
                }
            };
        }
    }
}
