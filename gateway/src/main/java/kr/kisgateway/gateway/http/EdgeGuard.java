package kr.kisgateway.gateway.http;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.edge.OriginRule;
import kr.kisgateway.edge.UpgradeRule;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.trace.TraceIds;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** First handler of every route and socket: assigns the trace id and refuses foreign hosts and origins. */
final class EdgeGuard extends Handler.Wrapper {
    /** Attribute with the {@link kr.kisgateway.gateway.trace.IncomingTrace} of a request. */
    static final String TRACE = "kr.kisgateway.trace";
    /** Attribute with the {@link Connections.Client} of a request. */
    static final String CLIENT = "kr.kisgateway.client";
    /** Attribute of a call that needs a key because another gateway passed it on that requires keys. */
    static final String KEY_NEEDED = "kr.kisgateway.key-needed";

    /** Headers that are ambiguous when repeated. */
    private static final List<String> UNREPEATABLE_HEADERS = List.of(
            "Authorization",
            "X-API-Key",
            "X-Operator-Token",
            "Idempotency-Key",
            "Content-Type",
            "Sec-WebSocket-Key",
            "X-CSRF-Token",
            ForwardedCall.HEADER);

    private final OriginRule rule;
    private final TraceIds traceIds;
    private final Connections connections;
    private final Function<String, Compression> compression;
    private final Optional<NodeSignature> nodes;

    /**
     * @param compression of the WebSocket at a path
     * @param nodes verifies calls that other gateways pass on
     */
    EdgeGuard(
            OriginRule rule,
            TraceIds traceIds,
            Connections connections,
            Function<String, Compression> compression,
            Optional<NodeSignature> nodes) {
        this.nodes = nodes;
        this.compression = compression;
        this.connections = connections;
        this.rule = rule;
        this.traceIds = traceIds;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!connections.track(request, response, callback, (_, _) -> {})) {
            return true;
        }
        var headers = request.getHeaders();
        var trace = traceIds.incoming(headers.get(ErrorAnswer.TRACE_HEADER), headers.get("traceparent"));
        var traceId = trace.id();
        request.setAttribute(TRACE, trace);
        response.getHeaders().put(ErrorAnswer.TRACE_HEADER, traceId);
        // Several Origin headers become one text that no rule accepts: no browser sends two.
        var origins = headers.getValuesList(HttpHeader.ORIGIN);
        var refusal = rule.refusalReason(
                        headers.get(HttpHeader.HOST),
                        origins.isEmpty() ? null : String.join(", ", origins),
                        String.join(", ", headers.getValuesList("Sec-Fetch-Site")))
                .map(EdgeGuard::originRefusal)
                .or(() -> unreadable(request));
        var passedOn = headers.get(ForwardedCall.HEADER);
        if (refusal.isEmpty() && passedOn != null) {
            var from = nodes.flatMap(it -> ForwardedCall.read(
                    passedOn, it, request.getMethod(), request.getHttpURI().getPathQuery()));
            if (from.isPresent()) {
                return super.handle(cameFrom(request, from.get()), response, callback);
            }
            refusal = Optional.of(Refusal.of(
                            ErrorCode.INVALID_FIELD,
                            "The header " + ForwardedCall.HEADER
                                    + " is for gateways of one cluster, which have the same"
                                    + " master key and clocks that agree.")
                    .with("field", ForwardedCall.HEADER));
        }
        if (refusal.isEmpty()) {
            return super.handle(withAcceptableExtensions(request), response, callback);
        }
        write(response, refusal.get().code().status(), refusal.get(), traceId, callback);
        return true;
    }

    /** Whether the call needs a key because of the gateway that passed it on. */
    static boolean needsKey(HttpServletRequest request) {
        return request.getAttribute(KEY_NEEDED) != null;
    }

    /** The request with the address of the caller whom another gateway serves. */
    private static Request cameFrom(Request request, ForwardedCall call) {
        if (call.keyNeeded()) {
            request.setAttribute(KEY_NEEDED, true);
        }
        var address = call.inetAddress();
        if (address.isEmpty()) {
            return request;
        }
        var remote = new InetSocketAddress(address.get(), Request.getRemotePort(request));
        var connection = new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {
            @Override
            public SocketAddress getRemoteSocketAddress() {
                return remote;
            }
        };
        return new Request.Wrapper(request) {
            @Override
            public ConnectionMetaData getConnectionMetaData() {
                return connection;
            }
        };
    }

    /** The server library agrees to whatever extension is offered: it sees only those that may be agreed. */
    private Request withAcceptableExtensions(Request request) {
        var offers = request.getHeaders().getValuesList(Compression.HEADER);
        if (offers.isEmpty()) {
            return request;
        }
        var headers = HttpFields.build(request.getHeaders()).remove(Compression.HEADER);
        compression
                .apply(Request.getPathInContext(request))
                .acceptable(offers)
                .forEach(extension -> headers.add(Compression.HEADER, extension));
        return new Request.Wrapper(request) {
            @Override
            public HttpFields getHeaders() {
                return headers;
            }
        };
    }

    /** The refusal of an ambiguous or unreadable request. */
    private static Optional<Refusal> unreadable(Request request) {
        var headers = request.getHeaders();
        for (var name : UNREPEATABLE_HEADERS) {
            if (isRepeated(headers, name)) {
                return Optional.of(
                        Refusal.of(ErrorCode.INVALID_FIELD, "The header " + name + " is repeated; send it once.")
                                .with("field", name));
            }
        }
        if (UpgradeRule.isWebSocketUpgrade(headers.get(HttpHeader.UPGRADE))
                && !UpgradeRule.isWellFormed(
                        request.getMethod(),
                        String.join(",", headers.getValuesList(HttpHeader.CONNECTION)),
                        headers.get("Sec-WebSocket-Key"),
                        headers.get("Sec-WebSocket-Version"))) {
            return Optional.of(Refusal.of(
                            ErrorCode.INVALID_FIELD,
                            "A WebSocket is opened by GET with Connection: Upgrade, Sec-WebSocket-Version: 13 and a"
                                    + " Sec-WebSocket-Key of 16 bytes in Base64.")
                    .with("field", "Upgrade"));
        }
        return Optional.empty();
    }

    private static boolean isRepeated(HttpFields headers, String name) {
        boolean found = false;
        for (var header : headers) {
            if (header.is(name)) {
                if (found) {
                    return true;
                }
                found = true;
            }
        }
        return false;
    }

    private static Refusal originRefusal(OriginRule.Reason reason) {
        return Refusal.of(
                ErrorCode.ORIGIN_REFUSED,
                switch (reason) {
                    case HOST ->
                        "The host name of the request is not this gateway's; call it as localhost or 127.0.0.1.";
                    case ORIGIN -> "A page of another site may not call this gateway; call it from a program.";
                });
    }

    static void write(Response response, int status, Refusal refusal, String traceId, Callback callback) {
        byte[] json = ApiJson.bytes(ErrorAnswer.of(refusal, traceId));
        response.setStatus(status);
        SecurityHeaders.putInto(response.getHeaders());
        response.getHeaders().put(ErrorAnswer.TRACE_HEADER, traceId);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Call.JSON);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, json.length);
        response.write(true, ByteBuffer.wrap(json), callback);
    }
}
