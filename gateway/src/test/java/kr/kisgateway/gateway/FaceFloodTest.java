package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client without a key that opens connections and WebSockets without end harms only itself. */
@Tag("slow")
class FaceFloodTest {
    private static final String SYMBOL = "005930";
    private static final String TRADES = "H0STCNT0";
    private static final int CONNECTIONS = 60;
    private static final int FLOOD = 150;
    private static final String UPGRADE = "GET /tryitout HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    private static final String HALF_REQUEST = "GET /uapi/ HTTP/1.1\r\nHost: loc";

    @TempDir
    private Path folder;

    private final List<Socket> flood = new ArrayList<>();
    private final List<FaceSocket> sockets = new ArrayList<>();
    private HttpClient http;
    private GatewayFixture gateway;

    @BeforeEach
    void start() throws IOException {
        http = HttpClient.newBuilder()
                .localAddress(InetAddress.getByName("127.0.0.2"))
                .build();
        gateway = GatewayFixture.start(
                folder,
                Map.of(
                        "SIMULATOR_RATE_LIMIT",
                        "1000",
                        "SIMULATOR_CLOCK",
                        "open-fixed",
                        "GATEWAY_ADDRESS_CONNECTIONS",
                        Integer.toString(CONNECTIONS)));
        gateway.awaitReady();
    }

    @AfterEach
    void stop() throws IOException {
        for (var socket : flood) {
            socket.close();
        }
        sockets.forEach(FaceSocket::close);
        gateway.close();
        http.close();
    }

    private FaceClient client(String name) {
        var port = gateway.gateway().facePort().orElseThrow();
        var client =
                FaceClient.withNewKey(http, folder, URI.create("http://127.0.0.1:" + port), name, "--role", "trade");
        Await.until("the gateway knows the key", () -> client.login().statusCode() == 200);
        return client;
    }

    private FaceSocket socket(FaceClient client) {
        var socket = FaceSocket.open(http, client, "/tryitout");
        sockets.add(socket);
        return socket;
    }

    /** Opens a connection from 127.0.0.1; one that is refused counts as closed. */
    private void open(String text, boolean awaitAnswer) throws IOException {
        var socket = new Socket("127.0.0.1", gateway.gateway().facePort().orElseThrow());
        flood.add(socket);
        try {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            if (awaitAnswer) {
                assertThat(socket.getInputStream().read()).isNotNegative();
            }
        } catch (IOException e) {
            socket.close(); // the gateway refused it
        }
    }

    private long openFlood() {
        return flood.stream().filter(FaceFloodTest::isOpen).count();
    }

    private static boolean isOpen(Socket socket) {
        try {
            socket.setSoTimeout(20);
            for (int read = 0; read < 1_000; read++) {
                if (socket.getInputStream().read() < 0) {
                    return false;
                }
            }
            return true;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void sockets_without_a_key_give_way_to_each_other_and_not_those_of_programs() throws IOException {
        var program = client("strategy-a");
        var streaming = socket(program);
        assertThat(streaming.register(TRADES, SYMBOL)).isEqualTo("OPSP0000");
        for (int i = 0; i < FLOOD; i++) {
            open(UPGRADE, true);
        }
        Await.until("half of an address's connections are left to them", () -> openFlood() == CONNECTIONS / 2);
        assertThat(gateway.gateway().meters().value("face.sockets")).isEqualTo(CONNECTIONS / 2 + 1);

        assertThat(FaceClient.code(program.price(SYMBOL))).isEqualTo("MCA00000");
        int before = streaming.data.size();
        Await.until("ticks go on", () -> streaming.data.size() > before + 3);
        assertThat(streaming.closed).isNotDone();
        var late = socket(client("strategy-b"));
        assertThat(late.register(TRADES, SYMBOL)).isEqualTo("OPSP0000");
        Await.until("the late one gets ticks", () -> late.data.size() > 3);
        assertThat(openFlood()).isLessThanOrEqualTo(CONNECTIONS / 2);
    }

    @Test
    void half_requests_of_one_address_leave_room_for_programs() throws IOException {
        var program = client("strategy-a");
        for (int i = 0; i < FLOOD; i++) {
            open(HALF_REQUEST, false);
        }
        Await.until("the oldest gave way", () -> openFlood() <= CONNECTIONS);
        assertThat(FaceClient.code(program.price(SYMBOL))).isEqualTo("MCA00000");
        var streaming = socket(client("strategy-b"));
        assertThat(streaming.register(TRADES, SYMBOL)).isEqualTo("OPSP0000");
        Await.until("ticks", () -> streaming.data.size() > 3);
    }

    @Test
    void a_client_that_goes_away_during_the_handshake_leaves_no_socket() throws IOException {
        var port = gateway.gateway().facePort().orElseThrow();
        for (int i = 0; i < FLOOD; i++) {
            try (var socket = new Socket("127.0.0.1", port)) {
                socket.setSoLinger(true, 0);
                socket.getOutputStream().write(UPGRADE.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            }
        }
        gateway.jump(java.time.Duration.ofSeconds(11));
        Await.until("no socket is left", () -> sockets() == 0);
        var program = client("program");
        assertThat(socket(program).register(TRADES, SYMBOL)).isEqualTo("OPSP0000");
        assertThat(sockets()).isEqualTo(1);
    }

    private long sockets() {
        return gateway.tree(gateway.operate("GET", "/v1/face/clients", ""))
                .path("totals")
                .path("sockets")
                .asLong(-1);
    }
}
