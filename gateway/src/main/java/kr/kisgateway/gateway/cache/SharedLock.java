package kr.kisgateway.gateway.cache;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/** A lock of processes on several machines. One that dies blocks no other for long. */
public interface SharedLock {
    /**
     * Runs {@code work} under the lock.
     *
     * @return its result; empty when another process kept the lock all the while
     * @throws IOException when the lock cannot be reached; the work has not run then
     */
    <T> Optional<T> runLocked(Supplier<T> work) throws IOException;
}
