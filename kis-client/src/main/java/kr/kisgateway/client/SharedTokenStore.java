package kr.kisgateway.client;

import java.time.Duration;
import java.util.Optional;

/**
 * A place outside this machine for the token that processes on several machines share. What lies there is encrypted under a
 * key that only processes with the same app secret have. A place that cannot be reached has nothing, and fails nobody.
 */
public interface SharedTokenStore {
    /** What was written last and is neither over nor deleted. */
    Optional<byte[]> read();

    /** @param life after which it is of no use to anybody */
    void write(byte[] sealed, Duration life);

    void delete();
}
