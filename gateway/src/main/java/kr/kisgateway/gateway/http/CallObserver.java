package kr.kisgateway.gateway.http;

import kr.kisgateway.gateway.http.RouteTable.Route;
import kr.kisgateway.gateway.http.RouteTable.SocketRoute;

/** Observes how long calls take. Called on the threads of the calls, must not block. */
@FunctionalInterface
public interface CallObserver {
    /** Observes nothing. */
    CallObserver NONE = _ -> RouteObserver.NONE;

    /** The observer of one route; called once, before the server starts. */
    RouteObserver of(Route route);

    /** What runs for each connection that a WebSocket route opens; called once, before the server starts. */
    default Runnable ofOpened(SocketRoute route) {
        return () -> {};
    }

    /** Observes the calls of one route. */
    interface RouteObserver {
        /** Observes nothing. */
        RouteObserver NONE = new RouteObserver() {
            @Override
            public long begin() {
                return 0;
            }

            @Override
            public void end(long begun, int status) {
                // observes nothing
            }
        };

        /** A call begins; returns what {@link #end} receives. */
        long begin();

        /** The call was answered with {@code status}. */
        void end(long begun, int status);
    }
}
