package kr.kisgateway.gateway.cache;

import java.time.Duration;
import java.util.Optional;

/** Bytes that processes on several machines share. A place that cannot be reached counts as empty. */
public interface SharedBytes {
    /** The last value written that is neither expired nor deleted. */
    Optional<byte[]> read();

    /** @param life time until it expires */
    void write(byte[] bytes, Duration life);

    void delete();
}
