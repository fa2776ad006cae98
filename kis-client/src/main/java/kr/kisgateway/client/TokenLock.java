package kr.kisgateway.client;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps the processes that share an app key from asking KIS for a token at the same time: KIS issues one a minute, and
 * each sends the owner a message. The built-in one locks a file beside the token's; programs on several machines bring
 * one of their own.
 */
public interface TokenLock {
    /**
     * Runs {@code work} while no other holder runs its own.
     *
     * @return what the work returned; empty when the lock could not be had in a reasonable time, such as 10 s
     * @throws IOException when the lock cannot be reached at all; the work has not run then, and the client goes on under the
     *     built-in lock of its machine
     */
    <T> Optional<T> runLocked(Supplier<T> work) throws IOException;
}
