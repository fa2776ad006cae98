package kr.kisgateway.gateway.log;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.Arrays;
import kr.kisgateway.wire.UntrustedText;
import org.jspecify.annotations.Nullable;

/** The stack trace with messages as {@link LineConverter} writes them: an exception may contain external text, too. */
public final class TraceConverter extends ThrowableProxyConverter {
    @Override
    protected String throwableProxyToString(IThrowableProxy failure) {
        return super.throwableProxyToString(new CleanProxy(failure));
    }

    private record CleanProxy(IThrowableProxy inner) implements IThrowableProxy {
        @Override
        public @Nullable String getMessage() {
            var message = inner.getMessage();
            return message == null ? null : UntrustedText.escape(message, LoggedText.LIBRARY_MAX);
        }

        @Override
        public String getClassName() {
            return inner.getClassName();
        }

        @Override
        public StackTraceElementProxy[] getStackTraceElementProxyArray() {
            return inner.getStackTraceElementProxyArray();
        }

        @Override
        public int getCommonFrames() {
            return inner.getCommonFrames();
        }

        @Override
        public @Nullable IThrowableProxy getCause() {
            var cause = inner.getCause();
            return cause == null ? null : new CleanProxy(cause);
        }

        @Override
        public IThrowableProxy[] getSuppressed() {
            return Arrays.stream(inner.getSuppressed()).map(CleanProxy::new).toArray(IThrowableProxy[]::new);
        }

        @Override
        public boolean isCyclic() {
            return inner.isCyclic();
        }
    }
}
