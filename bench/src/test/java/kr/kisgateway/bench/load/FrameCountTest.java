package kr.kisgateway.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class FrameCountTest {
    @Test
    void frames_of_every_length_are_counted_once_however_the_bytes_are_cut() throws Exception {
        var frames = new LongAdder();
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var wire = new ByteArrayOutputStream();
            for (int length : new int[] {0, 1, 125, 126, 3_000, 70_000, 5}) wire.writeBytes(frame(length));
            var serving = Thread.ofVirtual().start(() -> {
                try (var socket = server.accept()) {
                    // Reads the complete request: unread bytes at the close of a socket would discard what was sent on
                    // it.
                    for (String head = ""; !head.endsWith("\r\n\r\n"); ) {
                        head += (char) socket.getInputStream().read();
                    }
                    var out = socket.getOutputStream();
                    out.write("HTTP/1.1 101 Switching Protocols\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    for (int i = 0; i < wire.size(); i += 997) {
                        out.write(wire.toByteArray(), i, Math.min(997, wire.size() - i));
                        out.flush();
                    }
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            try (var counting = FrameCount.open(server.getLocalPort(), List.of(), frames)) {
                serving.join();
                long until = System.nanoTime() + 10_000_000_000L;
                while (!counting.ended() && System.nanoTime() < until) Thread.onSpinWait();
                assertThat(counting.ended()).isTrue();
                assertThat(frames.sum()).isEqualTo(7);
            }
        }
    }

    private static byte[] frame(int length) {
        var out = new ByteArrayOutputStream();
        out.write(0x81);
        if (length < 126) {
            out.write(length);
        } else if (length < 65_536) {
            out.write(126);
            out.write(length >> 8);
            out.write(length & 0xFF);
        } else {
            out.write(127);
            out.writeBytes(new byte[] {0, 0, 0, 0, 0, (byte) (length >> 16), (byte) (length >> 8), (byte) length});
        }
        out.writeBytes(new byte[length]);
        return out.toByteArray();
    }
}
