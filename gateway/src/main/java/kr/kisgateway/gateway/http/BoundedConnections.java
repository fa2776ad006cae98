package kr.kisgateway.gateway.http;

import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.edge.AnyPathListener;
import kr.kisgateway.edge.FairConnector;
import kr.kisgateway.gateway.task.TaskRunner;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * The connections of a listener whose every answer 200 needs a key, bounded for each address and in total as those of the
 * gateway's API: one on which a key was accepted stays, of the others the one that has waited longest gives way.
 */
public final class BoundedConnections implements AnyPathListener.Connections, AutoCloseable {
    private final Optional<Encryption> tls;
    private final Limits limits;
    private final Connections connections;

    /**
     * Connections at the same time.
     *
     * @param perAddress of one address, a /64 of IPv6 being one
     * @param perLoopback of this machine
     */
    public record Limits(int total, int perAddress, int perLoopback) {
        /** As many from this machine as given, and as of the API from another. */
        public static Limits of(int total, int perLoopback) {
            return new Limits(total, EdgeSettings.CONNECTIONS_PER_ADDRESS, perLoopback);
        }

        /** The same bound for every address; empty, these. */
        public Limits withPerAddress(OptionalInt max) {
            return new Limits(total, max.orElse(perAddress), max.orElse(perLoopback));
        }
    }

    private BoundedConnections(Optional<Encryption> tls, Limits limits) {
        this.tls = tls;
        this.limits = limits;
        this.connections = new Connections(new Connections.Bounds(
                limits.total(),
                limits.perAddress(),
                limits.perLoopback(),
                EdgeSettings.IDLE_LIMIT,
                EdgeSettings.HEADER_LIMIT,
                EdgeSettings.CHECK_INTERVAL));
    }

    /**
     * Starts watching connections that wait.
     *
     * @param tls encrypts them; empty, plain
     * @param task name of the check
     */
    public static BoundedConnections start(Optional<Encryption> tls, Limits limits, TaskRunner tasks, String task) {
        var bounded = new BoundedConnections(tls, limits);
        bounded.connections.start(tasks, task);
        return bounded;
    }

    /** The bounds in force. */
    public Limits limits() {
        return limits;
    }

    @Override
    public FairConnector open(Server server, HttpConfiguration http) {
        server.addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStarting(LifeCycle starting) {
                // Around all handlers, which exist by now.
                server.setHandler(new Tracker(server.getHandler()));
            }
        });
        var connector = HttpEdge.connections(tls).open(server, http);
        connector.addBean(connections);
        return connector;
    }

    @Override
    public void close() {
        connections.close();
    }

    private final class Tracker extends Handler.Wrapper {
        private Tracker(Handler inner) {
            super(inner);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            return !connections.track(request, response, callback, BoundedConnections::markAuthenticated)
                    || super.handle(request, response, callback);
        }
    }

    private static void markAuthenticated(Connections.Client client, int status) {
        if (status == HttpStatus.OK_200) {
            client.authenticated();
        }
    }
}
