package kr.kisgateway.gateway;

import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Started parts, closed in reverse order; a failing close does not prevent the others. */
final class Parts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway");

    private final ArrayDeque<AutoCloseable> parts = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            var part = parts.pop();
            try {
                part.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.error("close_failed part={}", part.getClass().getSimpleName(), e);
            }
        }
    }
}
