package kr.kisgateway.gateway.stream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.quote.ManualClock;

/** Any messages of a client are answered with JSON, one answer each, and nothing is left of it when it disconnects. */
public final class StreamMessageFuzzer {
    private static final Caller CALLER = Caller.local(Role.ADMIN);
    private static final StreamHub HUB = IdleStreamHub.hub(new ManualClock("2026-11-20T02:00:00Z"));
    private static final int MESSAGES_MAX = 20;

    private StreamMessageFuzzer() {}

    /** Called by Jazzer; each line is a message. */
    public static void fuzzerTestOneInput(byte[] input) {
        var connection = new OneFrameConnection();
        var client = HUB.addClient(CALLER, connection);
        connection.client.set(client);
        long messages = new String(input, StandardCharsets.UTF_8)
                .lines()
                .limit(MESSAGES_MAX)
                .peek(client::text)
                .count();
        client.write(); // ends with the first frame
        var answers = ApiJson.tree(connection.text);
        // The hello comes first.
        long count = answers.isArray() ? answers.size() - 1 : 0;
        if (count < messages) {
            throw new IllegalStateException(messages + " messages, answered with " + connection.text);
        }
        if (HUB.clients() != 0 || HUB.quota().taken() != 0) {
            throw new IllegalStateException(
                    "something is left: " + HUB.clients() + ", " + HUB.quota().taken());
        }
    }

    /** Takes one frame, with which the client disconnects. */
    private static final class OneFrameConnection implements StreamConnection {
        private final JsonFrame frame = new JsonFrame();
        private final AtomicReference<StreamClient> client = new AtomicReference<>();
        private String text = "";

        @Override
        public Frame frame() {
            return frame;
        }

        @Override
        public boolean flush(Duration limit) {
            text = frame.text();
            client.get().closed();
            return true;
        }

        @Override
        public void close(int code, String reason) {
            throw new IllegalStateException("closed with " + code + ' ' + reason);
        }

        @Override
        public void abort() {
            throw new IllegalStateException("aborted");
        }
    }
}
