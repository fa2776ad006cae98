package kr.kisgateway.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.gateway.json.JsonBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AddressLimitTest {
    private static final int LIMIT = 40;

    private final HttpEdge edge = HttpEdge.start(
            EdgeSettings.at("127.0.0.1", 0).withConnectionsOfAddress(OptionalInt.of(LIMIT)),
            new RouteTable()
                    .get(
                            Role.QUOTE,
                            "/thing",
                            call -> call.answer(new JsonBuffer()
                                    .beginObject()
                                    .field("ok", true)
                                    .endObject())),
            (_, _) -> Caller.local(Role.QUOTE),
            new TraceIds(1));
    private final List<Socket> open = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (var socket : open) {
            socket.close();
        }
        edge.close();
    }

    @Test
    void an_address_that_holds_its_connections_gets_no_more_and_another_is_served() throws Exception {
        for (int i = 0; i < LIMIT; i++) {
            assertThat(isServed(connected("127.0.0.1"))).isTrue();
        }
        for (int i = 0; i < 2 * LIMIT; i++) {
            assertThat(isServed(connected("127.0.0.1"))).isFalse();
        }
        assertThat(isServed(connected("127.0.0.2"))).isTrue();

        open.getFirst().close();
        until(() -> isServed(connected("127.0.0.1")));
        assertThat(isServed(connected("127.0.0.1"))).isFalse();
    }

    private Socket connected(String from) throws IOException {
        var socket = new Socket(InetAddress.getByName("127.0.0.1"), edge.port(), InetAddress.getByName(from), 0);
        open.add(socket);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static boolean isServed(Socket socket) {
        try {
            socket.getOutputStream()
                    .write("GET /thing HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == 'H';
        } catch (IOException e) {
            return false; // closed, with or without a word
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void until(Condition condition) throws Exception {
        var never = new CountDownLatch(1);
        for (int i = 0; i < 500 && !condition.holds(); i++) {
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(i).isLessThan(499);
        }
    }
}
