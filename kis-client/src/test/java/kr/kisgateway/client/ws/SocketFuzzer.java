package kr.kisgateway.client.ws;

import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Any bytes of a server are frames or a protocol error, and never more than one message is retained. */
public final class SocketFuzzer {
    private SocketFuzzer() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        var frames = new FrameInput(new ByteArrayInputStream(input));
        long characters = 0;
        try {
            while (true) {
                if (frames.next() instanceof FrameInput.Frame.Text(var text)) {
                    characters += text.length();
                }
            }
        } catch (BadSocketException end) {
            if (characters > input.length || end.code == TextSocket.NORMAL) {
                throw new IllegalStateException(characters + " characters of " + input.length + " bytes", end);
            }
        }
    }
}
