package kr.kisgateway.edge;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers what the server library itself refuses as the calls of an {@link AnyPathListener} are refused: no page of the library. */
final class CallErrors extends ErrorHandler {
    private final AnyPathListener.Calls calls;

    CallErrors(AnyPathListener.Calls calls) {
        this.calls = calls;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var answer = calls.refuse(response.getStatus());
        response.setStatus(answer.status());
        if (!answer.contentType().isEmpty()) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.contentType());
        }
        Content.Sink.write(response, true, answer.body(), callback);
        return true;
    }

    @Override
    public ByteBuffer badMessageError(int status, @Nullable String reason, HttpFields.Mutable fields) {
        var answer = calls.refuse(status);
        if (!answer.contentType().isEmpty()) {
            fields.put(HttpHeader.CONTENT_TYPE, answer.contentType());
        }
        return ByteBuffer.wrap(answer.body().getBytes(StandardCharsets.UTF_8));
    }
}
