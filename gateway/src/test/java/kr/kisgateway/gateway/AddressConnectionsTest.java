package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressConnectionsTest {
    @TempDir
    Path folder;

    @Test
    void the_setting_limits_the_connections_of_an_address() throws Exception {
        var loaded = SettingsLoader.load(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=open-fixed", "--address-connections=5"),
                Map.of(),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        var open = new ArrayList<Socket>();
        try (var gateway = Gateway.start(((SettingsResult.Loaded) loaded).settings())) {
            for (int i = 0; i < 5; i++) {
                assertThat(isServed(gateway, "127.0.0.3", open)).isTrue();
            }
            // All addresses of this machine count as one, and the connection that has waited longest is closed.
            assertThat(isServed(gateway, "127.0.0.4", open)).isTrue();
            assertThat(isOpen(open.getFirst())).isFalse();
            assertThat(isOpen(open.getLast())).isTrue();
        } finally {
            for (var socket : open) {
                socket.close();
            }
        }
    }

    /** Whether another call on a connection is answered, after the rest of the first answer is discarded. */
    private static boolean isOpen(Socket socket) {
        try {
            var in = socket.getInputStream();
            assertThat(in.readNBytes(in.available())).isNotNull();
            socket.getOutputStream()
                    .write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return in.read() >= 0;
        } catch (IOException e) {
            return false; // closed
        }
    }

    private static boolean isServed(Gateway gateway, String from, List<Socket> open) throws IOException {
        var socket = new Socket(InetAddress.getByName("127.0.0.1"), gateway.port(), InetAddress.getByName(from), 0);
        open.add(socket);
        socket.setSoTimeout(20_000);
        try {
            socket.getOutputStream()
                    .write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == 'H';
        } catch (IOException e) {
            return false; // closed, with or without a close frame
        }
    }
}
