package kr.kisgateway.client;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Prevents processes that share an app key from requesting a token from KIS at the same time: KIS issues one a minute, and
 * each sends the owner a message. The built-in one locks a file beside the token's; programs on several machines provide
 * their own.
 */
public interface TokenLock {
    /**
     * Runs {@code work} while no other holder runs its own.
     *
     * @return the result of the work; empty when the lock was not acquired in a reasonable time, such as 10 s
     * @throws IOException when the lock is unreachable; the work has not run then, and the client continues under the
     *     built-in lock of its machine
     */
    <T> Optional<T> runLocked(Supplier<T> work) throws IOException;
}
