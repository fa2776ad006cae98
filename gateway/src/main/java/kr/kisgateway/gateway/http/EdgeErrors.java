package kr.kisgateway.gateway.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.trace.IncomingTrace;
import kr.kisgateway.gateway.trace.TraceIds;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers what the server itself refuses (unreadable requests, too long headers) in the gateway's error form. */
final class EdgeErrors extends ErrorHandler {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final TraceIds traceIds;

    EdgeErrors(TraceIds traceIds) {
        this.traceIds = traceIds;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var traceId =
                request.getAttribute(EdgeGuard.TRACE) instanceof IncomingTrace trace ? trace.id() : traceIds.next();
        int status = response.getStatus();
        EdgeGuard.write(response, isOfTheRequest(status) ? 400 : status, refusal(status), traceId, callback);
        return true;
    }

    @Override
    public ByteBuffer badMessageError(int status, @Nullable String reason, HttpFields.Mutable fields) {
        var traceId = traceIds.next();
        SecurityHeaders.putInto(fields);
        fields.put(ErrorAnswer.TRACE_HEADER, traceId);
        fields.put(HttpHeader.CONTENT_TYPE, Call.JSON);
        return ByteBuffer.wrap(ApiJson.bytes(ErrorAnswer.of(refusal(status), traceId)));
    }

    /** 501 and 505 are about the request, not about a failure here: an unknown transfer coding, a missing version. */
    private static boolean isOfTheRequest(int status) {
        return status == 501 || status == 505;
    }

    private static Refusal refusal(int status) {
        return switch (status) {
            case 404 -> Refusal.of(ErrorCode.NOT_FOUND, "There is no such path.");
            case 405 -> Refusal.of(ErrorCode.METHOD_NOT_ALLOWED, "The path does not support this method.");
            case 413 -> Refusal.of(ErrorCode.BODY_TOO_LARGE, "The body is too large.");
            case 414 ->
                Refusal.of(ErrorCode.INVALID_FIELD, "The address is too long.").with("field", "path");
            case 431 ->
                Refusal.of(ErrorCode.INVALID_FIELD, "The headers are too large.")
                        .with("field", "header");
            case 503 ->
                Refusal.of(ErrorCode.NOT_READY, "The gateway is stopping and did nothing with the call; repeat it.")
                        .retryAfter(RETRY);
            default ->
                status < 500 || isOfTheRequest(status)
                        ? Refusal.of(ErrorCode.INVALID_FIELD, "The request cannot be read as HTTP.")
                                .with("field", "request")
                        : Refusal.of(ErrorCode.INTERNAL_ERROR, "The gateway failed; its log has this trace id.");
        };
    }
}
