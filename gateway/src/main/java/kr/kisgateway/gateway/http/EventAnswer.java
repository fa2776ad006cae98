package kr.kisgateway.gateway.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;

/** An answer of the server library that stays open and is written incrementally. */
final class EventAnswer implements EventConnection {
    private static final int UNREAD_BYTES = 1_024;

    private final ServletOutputStream out;
    private final EndPoint socket;
    private final boolean hasBody;

    private EventAnswer(ServletOutputStream out, EndPoint socket, boolean hasBody) {
        this.hasBody = hasBody;
        this.out = out;
        this.socket = socket;
    }

    static EventAnswer begin(Context context, String type, Duration writeLimit) {
        var socket = ServletContextRequest.getServletContextRequest(context.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint();
        // A write without progress for this long fails; the server library has no other limit for one.
        socket.setIdleTimeout(writeLimit.toMillis());
        var response = context.res();
        response.setStatus(200);
        response.setContentType(type);
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-store");
        // Proxies that buffer an answer before forwarding it would hold back every event.
        response.setHeader("X-Accel-Buffering", "no");
        // No further request is possible on this connection: it ends with the stream.
        response.setHeader("Connection", "close");
        try {
            var out = response.getOutputStream();
            response.flushBuffer();
            return new EventAnswer(out, socket, !context.method().equals(HandlerType.HEAD));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean send(byte[] bytes, int length) {
        if (!hasBody) {
            // The answer to HEAD ends with its headers.
            return false;
        }
        try {
            out.write(bytes, 0, length);
            out.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A socket whose peer has closed it accepts one more write: only reading shows it at once. */
    @Override
    public boolean isOpen() {
        try {
            // What a peer sends after its request is of no further one, because of Connection: close.
            return socket.isOpen() && socket.fill(BufferUtil.allocate(UNREAD_BYTES)) >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void abort() {
        socket.close();
    }
}
