package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowReaderTest {
    @TempDir
    Path folder;

    @Test
    void a_client_that_stops_reading_loses_its_session_without_effect_on_others() throws Exception {
        SimulatorConfig config = SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withRates(10_000, 10_000)
                .withTicksPerSecond(12_000);
        try (KisSimulator simulator = KisSimulator.start(config)) {
            RawClient slow = new RawClient(simulator, "PSSLOW000000000000000000000000000001").login();
            RawClient good = new RawClient(simulator, "PSGOOD000000000000000000000000000001").login();
            try (Socket deaf = openUnreadSocket(simulator, slow.approvalKey());
                    var stream = good.stream()) {
                stream.send(RawClient.subscribe(good.approvalKey(), "1", "H0STCNT0", "005930"));
                stream.await("OPSP0000");
                String state;
                int rounds = 0;
                do {
                    for (int i = 0; i < 200; i++) {
                        stream.await("0|H0STCNT0|");
                    }
                    stream.all.clear();
                    state = good.get("/simulator/state", Map.of()).body();
                } while (!state.contains("\"queue_overflows\":\"1\"") && ++rounds < 200);
                assertThat(state).contains("\"queue_overflows\":\"1\"");
                stream.await("0|H0STCNT0|");
                assertThat(good.order("50000001", "TTTC0012U", "005930", "01", "1", "0")
                                .body())
                        .contains("APBK0013");
                assertThat(deaf.isConnected()).isTrue();
            }
        }
    }

    /** A WebSocket that subscribes and never reads again. */
    private static Socket openUnreadSocket(KisSimulator simulator, String approvalKey) throws Exception {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new java.net.InetSocketAddress("127.0.0.1", simulator.port()));
        var out = socket.getOutputStream();
        out.write(("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        byte[] answer = new byte[12];
        assertThat(socket.getInputStream().readNBytes(answer, 0, 12)).isEqualTo(12);
        assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 101");
        byte[] text =
                RawClient.subscribe(approvalKey, "1", "H0STCNT0", "005930").getBytes(StandardCharsets.UTF_8);
        // A masked text frame of 126..65535 bytes; a mask of zeros leaves the text as it is.
        out.write(
                new byte[] {(byte) 0x81, (byte) (0x80 | 126), (byte) (text.length >> 8), (byte) text.length, 0, 0, 0, 0
                });
        out.write(text);
        out.flush();
        return socket;
    }
}
