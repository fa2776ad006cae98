package kr.kisgateway.client;

import java.time.Duration;
import java.util.Optional;

/**
 * A place outside this machine for the token that processes on several machines share. Its content is encrypted under a
 * key that only processes with the same app secret have. An unreachable place counts as empty.
 */
public interface SharedTokenStore {
    /** The last value written that is neither expired nor deleted. */
    Optional<byte[]> read();

    /** @param life time until it expires */
    void write(byte[] sealed, Duration life);

    void delete();
}
