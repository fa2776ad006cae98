package kr.kisgateway.gateway.http;

import jakarta.servlet.ReadListener;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the API from within another call: the same routes on the same thread, admitted by the credentials of the outer call,
 * with its address, its trace, its limits, and recorded as any other call. Nothing goes through a socket.
 */
public final class InnerCalls {
    /** Headers of the outer call that are of its own body, or that would change the form of an inner answer. */
    private static final Collection<String> NOT_PASSED_ON = List.of(
            "content-type", "content-length", "transfer-encoding", "accept-encoding", "idempotency-key", "range");

    private final Supplier<Servlet> servlet;

    /** @param servlet of the server, once it runs */
    InnerCalls(Supplier<Servlet> servlet) {
        this.servlet = servlet;
    }

    /** @param body JSON */
    public record InnerCall(String method, String path, Optional<String> body, Optional<String> idempotencyKey) {}

    /** The answer of an inner call. */
    public record InnerAnswer(int status, String body) {}

    /** Makes {@code call} as the caller of {@code outer}; blocks. */
    InnerAnswer make(HttpServletRequest outer, HttpServletResponse response, InnerCall call) {
        var answer = new InnerResponse(response);
        try {
            servlet.get().service(new InnerRequest(outer, call), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ServletException e) {
            throw new IllegalStateException(e);
        }
        return new InnerAnswer(answer.getStatus(), answer.text());
    }

    private static final class InnerRequest extends HttpServletRequestWrapper {
        private final String method;
        private final String path;
        private final @Nullable String query;
        private final byte[] body;
        private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        private final Map<String, Object> attributes = new HashMap<>();

        private InnerRequest(HttpServletRequest outer, InnerCall call) {
            super(outer);
            this.method = call.method();
            int question = call.path().indexOf('?');
            this.path = question < 0 ? call.path() : call.path().substring(0, question);
            this.query = question < 0 ? null : call.path().substring(question + 1);
            this.body = call.body().orElse("").getBytes(StandardCharsets.UTF_8);
            Collections.list(outer.getHeaderNames()).stream()
                    .filter(name -> !NOT_PASSED_ON.contains(name.toLowerCase(java.util.Locale.ROOT)))
                    .forEach(name -> headers.put(name, outer.getHeader(name)));
            call.idempotencyKey().ifPresent(key -> headers.put("Idempotency-Key", key));
            if (call.body().isPresent()) {
                headers.put("Content-Type", "application/json");
                headers.put("Content-Length", Integer.toString(body.length));
            }
            for (var name : List.of(EdgeGuard.TRACE, EdgeGuard.CLIENT, EdgeGuard.KEY_NEEDED)) {
                Optional.ofNullable(outer.getAttribute(name)).ifPresent(value -> attributes.put(name, value));
            }
        }

        @Override
        public String getMethod() {
            return method;
        }

        @Override
        public String getRequestURI() {
            return path;
        }

        @Override
        public StringBuffer getRequestURL() {
            return new StringBuffer(path);
        }

        @Override
        public String getServletPath() {
            return "";
        }

        @Override
        public String getPathInfo() {
            return path;
        }

        @Override
        public @Nullable String getQueryString() {
            return query;
        }

        @Override
        public @Nullable String getContentType() {
            return headers.get("Content-Type");
        }

        @Override
        public int getContentLength() {
            return body.length;
        }

        @Override
        public long getContentLengthLong() {
            return body.length;
        }

        @Override
        public @Nullable String getHeader(String name) {
            return headers.get(name);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return Collections.enumeration(
                    Optional.ofNullable(headers.get(name)).stream().toList());
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            return Collections.enumeration(headers.keySet());
        }

        @Override
        public @Nullable Object getAttribute(String name) {
            return attributes.get(name);
        }

        @Override
        public void setAttribute(String name, @Nullable Object value) {
            if (value == null) {
                attributes.remove(name);
            } else {
                attributes.put(name, value);
            }
        }

        @Override
        public void removeAttribute(String name) {
            attributes.remove(name);
        }

        @Override
        public Enumeration<String> getAttributeNames() {
            return Collections.enumeration(attributes.keySet());
        }

        @Override
        public ServletInputStream getInputStream() {
            var bytes = new ByteArrayInputStream(body);
            return new ServletInputStream() {
                @Override
                public int read() {
                    return bytes.read();
                }

                @Override
                public int read(byte[] into, int offset, int length) {
                    return bytes.read(into, offset, length);
                }

                @Override
                public boolean isFinished() {
                    return bytes.available() == 0;
                }

                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setReadListener(ReadListener listener) {
                    throw new IllegalStateException("an inner call is read at once");
                }
            };
        }
    }

    private static final class InnerResponse extends HttpServletResponseWrapper {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        private int status = HttpServletResponse.SC_OK;

        private InnerResponse(HttpServletResponse outer) {
            super(outer);
        }

        private String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void setStatus(int code) {
            status = code;
        }

        @Override
        public int getStatus() {
            return status;
        }

        @Override
        public void sendError(int code, String message) {
            status = code;
        }

        @Override
        public void sendError(int code) {
            status = code;
        }

        @Override
        public void setContentType(@Nullable String type) {
            setHeader("Content-Type", type);
        }

        @Override
        public @Nullable String getContentType() {
            return headers.get("Content-Type");
        }

        @Override
        public void setContentLength(int length) {
            setHeader("Content-Length", Integer.toString(length));
        }

        @Override
        public void setContentLengthLong(long length) {
            setHeader("Content-Length", Long.toString(length));
        }

        @Override
        public void setHeader(String name, @Nullable String value) {
            if (value == null) {
                headers.remove(name);
            } else {
                headers.put(name, value);
            }
        }

        @Override
        public void addHeader(String name, String value) {
            headers.put(name, value);
        }

        @Override
        public boolean containsHeader(String name) {
            return headers.containsKey(name);
        }

        @Override
        public @Nullable String getHeader(String name) {
            return headers.get(name);
        }

        @Override
        public Collection<String> getHeaders(String name) {
            return Optional.ofNullable(headers.get(name)).stream().toList();
        }

        @Override
        public Collection<String> getHeaderNames() {
            return headers.keySet();
        }

        @Override
        public boolean isCommitted() {
            return false;
        }

        @Override
        public void flushBuffer() {
            // Everything is kept until the end.
        }

        @Override
        public ServletOutputStream getOutputStream() {
            return new ServletOutputStream() {
                @Override
                public void write(int value) {
                    bytes.write(value);
                }

                @Override
                public void write(byte[] from, int offset, int length) {
                    bytes.write(from, offset, length);
                }

                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setWriteListener(WriteListener listener) {
                    throw new IllegalStateException("an inner call is answered at once");
                }
            };
        }
    }
}
