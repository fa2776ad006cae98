package kr.kisgateway.gateway.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.EventConnection;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.quote.VenueParameter;

/** {@code GET /v1/events}: the stream as Server-Sent Events. Each client has the request's virtual thread. */
final class StreamEvents {
    private static final Pattern CURSOR = Pattern.compile("([A-Za-z0-9_-]{1,40}):([0-9]{1,18})");
    /** More accounts than any user has. */
    private static final int CURSORS_MAX = 100;

    private final StreamHub hub;
    private final StreamSettings.Client settings;

    StreamEvents(StreamHub hub, StreamSettings.Client settings) {
        this.hub = hub;
        this.settings = settings;
    }

    void register(RouteTable table) {
        table.get(Role.QUOTE, "/v1/events", List.of("channels", "symbols", VenueParameter.NAME), this::serve);
    }

    private void serve(Call call) {
        var caller = call.caller();
        hub.refusalFor(caller).ifPresent(refusal -> {
            throw new RefusedException(refusal);
        });
        var cursors = cursors(call.header("Last-Event-ID"));
        var streamConnection = new EventStreamConnection(new EventFrame(cursors));
        var client = hub.addClient(caller, streamConnection);
        streamConnection.closed = client::closed;
        try {
            // Everything that may be refused is refused before the answer begins.
            client.subscribe(
                    splitList(call.requiredQuery("channels")),
                    splitList(call.query("symbols").orElse("")),
                    call.query(VenueParameter.NAME));
            streamConnection.connection = Optional.of(call.startEvents(settings.writeLimit()));
            if (!cursors.isEmpty()) {
                // Not on this thread, which must write what the resume waits for.
                Thread.ofVirtual().name("stream-resume").start(() -> cursors.forEach(client::resumeOrReport));
            }
            client.write();
        } finally {
            client.closed();
        }
    }

    private static List<String> splitList(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static Map<String, Long> cursors(Optional<String> lastEventId) {
        var cursors = new TreeMap<String, Long>();
        var parts = new ArrayList<>(splitList(lastEventId.orElse("")));
        for (var part : parts) {
            var match = CURSOR.matcher(part);
            if (!match.matches() || parts.size() > CURSORS_MAX) {
                throw Call.invalid("Last-Event-ID", "must be the id of the last event received, such as A1:12");
            }
            cursors.put(match.group(1), Long.parseLong(match.group(2)));
        }
        return cursors;
    }

    /** The connection exists once the writer begins. */
    private static final class EventStreamConnection implements StreamConnection {
        private final EventFrame frame;
        private volatile Optional<EventConnection> connection = Optional.empty();
        private volatile Runnable closed = () -> {};

        EventStreamConnection(EventFrame frame) {
            this.frame = frame;
        }

        @Override
        public Frame frame() {
            return frame;
        }

        @Override
        public boolean flush(Duration limit) {
            var taken = connection.orElseThrow().send(frame.array(), frame.length());
            frame.clear();
            return taken;
        }

        @Override
        public boolean needsHeartbeats() {
            return true;
        }

        /** The protocol has no close code: the answer ends, and the client reconnects with its last id. */
        @Override
        public void close(int code, String reason) {
            closed.run();
            connection.ifPresent(EventConnection::abort);
        }

        @Override
        public void abort() {
            connection.ifPresent(EventConnection::abort);
        }
    }
}
