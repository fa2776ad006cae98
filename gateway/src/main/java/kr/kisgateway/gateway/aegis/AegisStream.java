package kr.kisgateway.gateway.aegis;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.http.SocketConnection;
import kr.kisgateway.gateway.http.SocketHandler;

/** {@code /api/v3.x/stream}: the stream of {@code /v1/stream}, closed for its clients when the version is switched off. */
final class AegisStream implements SocketHandler {
    /** The version that the client uses is switched off. */
    static final int VERSION_OFF = 4004;

    private final AegisVersion version;
    private final SocketHandler stream;
    private final Set<SocketConnection> open = ConcurrentHashMap.newKeySet();

    AegisStream(AegisVersion version, SocketHandler stream) {
        this.version = version;
        this.stream = stream;
    }

    void register(RouteTable table) {
        String path = version.path("stream");
        if (version.compresses()) {
            table.socket(Role.QUOTE, path, this);
        } else {
            table.uncompressedSocket(Role.QUOTE, path, this);
        }
    }

    @Override
    public Optional<Refusal> refusalFor(Caller caller) {
        return stream.refusalFor(caller);
    }

    @Override
    public String subprotocol() {
        return stream.subprotocol();
    }

    @Override
    public SocketListener opened(SocketConnection connection, Caller caller) {
        open.add(connection);
        var listener = stream.opened(connection, caller);
        if (version.refusal().isPresent()) {
            close(connection); // it was switched off between the upgrade and now
        }
        return new SocketListener() {
            @Override
            public void text(String message) {
                listener.text(message);
            }

            @Override
            public void vanished() {
                listener.vanished();
            }

            @Override
            public void closed() {
                open.remove(connection);
                listener.closed();
            }
        };
    }

    /** Closes the connections of a version that is off. */
    void closeIfOff() {
        if (version.refusal().isPresent()) {
            open.forEach(AegisStream::close);
        }
    }

    private static void close(SocketConnection connection) {
        connection.close(VERSION_OFF, "API_VERSION_OFF");
    }
}
