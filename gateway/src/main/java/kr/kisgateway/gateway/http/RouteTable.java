package kr.kisgateway.gateway.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.api.access.Role;

/** Every route of the gateway, in the order of registration. Filled once, before the server starts. */
public final class RouteTable {
    private static final List<String> OTHER_METHODS = List.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");

    private final List<Route> routes = new ArrayList<>();
    private final List<SocketRoute> sockets = new ArrayList<>();
    private final List<ApiVersion> versions = new ArrayList<>();

    /** Registers a route without authentication, for probes and readers of the contract. */
    public RouteTable getWithoutKey(String path, CallHandler handler) {
        routes.add(new Route("GET", path, Optional.empty(), List.of(), false, handler));
        return this;
    }

    /** Registers a route whose handler authenticates by itself, for senders that cannot set headers. */
    public RouteTable postWithoutKey(String path, CallHandler handler) {
        routes.add(new Route("POST", path, Optional.empty(), List.of(), false, handler));
        return this;
    }

    /**
     * @param role the lowest role that may call
     * @param path with parameters in braces, as {@code /v1/quotes/{symbol}}
     */
    public RouteTable get(Role role, String path, CallHandler handler) {
        return get(role, path, List.of(), handler);
    }

    /** @param query names of the accepted query parameters; any other is refused */
    public RouteTable get(Role role, String path, List<String> query, CallHandler handler) {
        routes.add(new Route("GET", path, Optional.of(role), query, false, handler));
        return this;
    }

    /** Registers a route that programs on this machine may call without a key, where no key is needed. */
    public RouteTable getOpenLocally(Role role, String path, CallHandler handler) {
        routes.add(new Route("GET", path, Optional.of(role), List.of(), true, handler));
        return this;
    }

    public RouteTable post(Role role, String path, CallHandler handler) {
        return post(role, path, List.of(), handler);
    }

    /** @param query names of the accepted query parameters; any other is refused */
    public RouteTable post(Role role, String path, List<String> query, CallHandler handler) {
        routes.add(new Route("POST", path, Optional.of(role), query, false, handler));
        return this;
    }

    public RouteTable put(Role role, String path, CallHandler handler) {
        routes.add(new Route("PUT", path, Optional.of(role), List.of(), false, handler));
        return this;
    }

    public RouteTable delete(Role role, String path, CallHandler handler) {
        routes.add(new Route("DELETE", path, Optional.of(role), List.of(), false, handler));
        return this;
    }

    /** Registers what answers every call without a route of its own; it receives any query and judges the caller itself. */
    public RouteTable others(CallHandler handler) {
        for (var method : OTHER_METHODS) {
            for (var path : List.of("/", Route.ANY_PATH)) {
                routes.add(new Route(method, path, Optional.empty(), List.of(Route.ANY_QUERY), false, handler));
            }
        }
        return this;
    }

    public RouteTable socket(Role role, String path, SocketHandler handler) {
        sockets.add(new SocketRoute(path, role, Compression.OFFERED, handler));
        return this;
    }

    /** Registers a WebSocket whose messages are never compressed. */
    public RouteTable uncompressedSocket(Role role, String path, SocketHandler handler) {
        sockets.add(new SocketRoute(path, role, Compression.NONE, handler));
        return this;
    }

    /** Registers a version of the API; its routes are registered as others. */
    public RouteTable version(ApiVersion version) {
        versions.add(version);
        return this;
    }

    public List<Route> routes() {
        return List.copyOf(routes);
    }

    public List<SocketRoute> sockets() {
        return List.copyOf(sockets);
    }

    /**
     * Whether there is a route that {@code role} may call.
     *
     * @param path with its parameters in braces
     */
    public boolean isOpenTo(Role role, String method, String path) {
        return routes.stream()
                .filter(route -> route.method().equals(method) && route.path().equals(path))
                .anyMatch(route -> route.role().map(role::covers).orElse(true));
    }

    /** The version that {@code path} belongs to; empty for {@code /v1} and paths without a version. */
    Optional<ApiVersion> versionOf(String path) {
        return versions.stream()
                .filter(version -> path.startsWith(version.prefix()))
                .findFirst();
    }

    /** The compression of the WebSocket at {@code path}. */
    Compression compressionAt(String path) {
        return sockets.stream()
                .filter(socket -> socket.path().equals(path))
                .map(SocketRoute::compression)
                .findFirst()
                .orElse(Compression.NONE);
    }

    /** The methods that exist at {@code path}; empty when the path does not exist. */
    Set<String> methodsAt(String path) {
        var found = new LinkedHashSet<String>();
        var segments = path.split("/", -1);
        for (var route : routes) {
            if (matches(route.path().split("/", -1), segments)) {
                found.add(route.method());
            }
        }
        for (var socket : sockets) {
            if (socket.path().equals(path)) {
                found.add("GET");
            }
        }
        return found;
    }

    private static boolean matches(String[] pattern, String[] segments) {
        if (pattern.length != segments.length) {
            return false;
        }
        for (var i = 0; i < pattern.length; i++) {
            var parameter = pattern[i].startsWith("{");
            if (parameter ? segments[i].isEmpty() : !pattern[i].equals(segments[i])) {
                return false;
            }
        }
        return true;
    }

    /**
     * One route.
     *
     * @param method {@code GET}, {@code POST}, {@code PUT} or {@code DELETE}
     * @param path as in openapi.yaml
     * @param role the lowest role that may call; empty, public
     * @param query names of the accepted query parameters
     * @param openLocally whether programs on this machine need no role, where no key is needed
     */
    public record Route(
            String method,
            String path,
            Optional<Role> role,
            List<String> query,
            boolean openLocally,
            CallHandler handler) {
        /** The path of a route for all paths. */
        static final String ANY_PATH = "/*";

        private static final String ANY_QUERY = "*";

        public Route {
            query = List.copyOf(query);
        }

        boolean takesAnyQuery() {
            return query.contains(ANY_QUERY);
        }
    }

    /**
     * One WebSocket route.
     *
     * @param role the lowest role that may open it
     * @param compression of its messages
     */
    public record SocketRoute(String path, Role role, Compression compression, SocketHandler handler) {}
}
