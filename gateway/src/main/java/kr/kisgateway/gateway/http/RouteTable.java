package kr.kisgateway.gateway.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Every call the gateway answers, in the order in which capabilities added them. Filled once, before the server starts. */
public final class RouteTable {
    private final List<Route> routes = new ArrayList<>();
    private final List<SocketRoute> sockets = new ArrayList<>();

    /** @param path with parameters in braces, as {@code /v1/quotes/{symbol}} */
    public RouteTable get(String path, CallHandler handler) {
        return get(path, List.of(), handler);
    }

    /** @param query the names of the query parameters that the call takes; any other is refused */
    public RouteTable get(String path, List<String> query, CallHandler handler) {
        routes.add(new Route("GET", path, query, handler));
        return this;
    }

    public RouteTable post(String path, CallHandler handler) {
        routes.add(new Route("POST", path, List.of(), handler));
        return this;
    }

    public RouteTable put(String path, CallHandler handler) {
        routes.add(new Route("PUT", path, List.of(), handler));
        return this;
    }

    public RouteTable socket(String path, SocketHandler handler) {
        sockets.add(new SocketRoute(path, handler));
        return this;
    }

    public List<Route> routes() {
        return List.copyOf(routes);
    }

    public List<SocketRoute> sockets() {
        return List.copyOf(sockets);
    }

    /** The methods that exist at {@code path}; empty when the path does not exist. */
    Set<String> methodsAt(String path) {
        var found = new LinkedHashSet<String>();
        var asked = path.split("/", -1);
        for (var route : routes) {
            if (matches(route.path().split("/", -1), asked)) {
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

    private static boolean matches(String[] pattern, String[] asked) {
        if (pattern.length != asked.length) {
            return false;
        }
        for (var i = 0; i < pattern.length; i++) {
            var parameter = pattern[i].startsWith("{");
            if (parameter ? asked[i].isEmpty() : !pattern[i].equals(asked[i])) {
                return false;
            }
        }
        return true;
    }

    /**
     * One call.
     *
     * @param method {@code GET}, {@code POST} or {@code PUT}
     * @param path as in openapi.yaml
     * @param query names of the query parameters that it takes
     */
    public record Route(String method, String path, List<String> query, CallHandler handler) {
        public Route {
            query = List.copyOf(query);
        }
    }

    /** One WebSocket. */
    public record SocketRoute(String path, SocketHandler handler) {}
}
