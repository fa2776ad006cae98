package kr.kisgateway.gateway.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;

/** Whether a gateway answers at an address, by its public route {@code /health/live}. */
public final class HealthProbe {
    private static final int ANSWER_BYTES = 4_096;

    private HealthProbe() {}

    /** Whether a gateway answers in plain HTTP; waits {@code limit} at most for the connection and for each part of the answer. */
    public static boolean answers(String host, int port, Duration limit) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) limit.toMillis());
            socket.setSoTimeout((int) limit.toMillis());
            socket.getOutputStream()
                    .write(("GET /health/live HTTP/1.1\r\nHost: " + host + ":" + port + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readNBytes(ANSWER_BYTES), StandardCharsets.ISO_8859_1);
            return answer.startsWith("HTTP/1.1 200")
                    && answer.contains(ErrorAnswer.TRACE_HEADER + ":")
                    && answer.contains("{\"status\":\"UP\"}");
        } catch (IOException _) {
            return false;
        }
    }

    /** Whether an encrypted port begins a handshake: a caller without a certificate may get no further. */
    public static boolean beginsHandshake(String host, int port, Duration limit) {
        try {
            return TlsProbe.probe(URI.create("https://" + host + ":" + port), TlsProbe.machineTrust(), limit)
                    .certificate()
                    .isPresent();
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}
