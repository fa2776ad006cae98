package kr.kisgateway.edge;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Enumeration;
import java.util.function.Consumer;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.SessionHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.session.ManagedSession;
import org.jspecify.annotations.Nullable;

/**
 * A servlet context without HTTP sessions. The server library reads the session of each WebSocket upgrade, refused ones
 * too, and reading creates one: retained forever, and announced by a cookie. So an upgrade sees an empty session that
 * is stored nowhere, and creating one in any other way fails.
 */
public final class Sessionless {
    private Sessionless() {}

    /** Disables the sessions of {@code context}; called while the context is configured. */
    public static void removeSessions(ServletContextHandler context) {
        context.setSessionHandler(new NoSessions());
        var filter = new FilterHolder(new UpgradeFilter());
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
    }

    /** Stores no session. */
    private static final class NoSessions extends SessionHandler {
        @Override
        public void newSession(Request request, String requestedId, Consumer<ManagedSession> consumer) {
            throw new IllegalStateException("this listener has no sessions");
        }
    }

    /** Only upgrades read their session; for any other request, reading it throws. */
    private static final class UpgradeFilter implements Filter {
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            boolean upgrade = request instanceof HttpServletRequest http && http.getHeader("Sec-WebSocket-Key") != null;
            chain.doFilter(upgrade ? new UpgradeRequest((HttpServletRequest) request) : request, response);
        }
    }

    private static final class UpgradeRequest extends HttpServletRequestWrapper {
        UpgradeRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public HttpSession getSession() {
            return new NoSession(this);
        }

        @Override
        public @Nullable HttpSession getSession(boolean create) {
            return create ? getSession() : null;
        }
    }

    /** Empty, new, and discarded with its request. */
    private static final class NoSession implements HttpSession {
        private final HttpServletRequest request;

        NoSession(HttpServletRequest request) {
            this.request = request;
        }

        @Override
        public long getCreationTime() {
            return 0;
        }

        @Override
        public String getId() {
            return "";
        }

        @Override
        public long getLastAccessedTime() {
            return 0;
        }

        @Override
        public jakarta.servlet.ServletContext getServletContext() {
            return request.getServletContext();
        }

        @Override
        public void setMaxInactiveInterval(int seconds) {
            // Its lifetime is that of its request.
        }

        @Override
        public int getMaxInactiveInterval() {
            return 0;
        }

        @Override
        public @Nullable Object getAttribute(String name) {
            return null;
        }

        @Override
        public Enumeration<String> getAttributeNames() {
            return Collections.emptyEnumeration();
        }

        @Override
        public void setAttribute(String name, Object value) {
            throw new UnsupportedOperationException("this listener has no sessions");
        }

        @Override
        public void removeAttribute(String name) {
            // There is none.
        }

        @Override
        public void invalidate() {
            // Nothing is stored.
        }

        @Override
        public boolean isNew() {
            return true;
        }
    }
}
