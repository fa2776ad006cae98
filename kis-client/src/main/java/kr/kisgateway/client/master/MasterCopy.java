package kr.kisgateway.client.master;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A master file and its age.
 *
 * @param table its content
 * @param fetchedAt when it was downloaded
 * @param trouble why it is not newer, or why it was not stored on disk; empty without a failure
 */
public record MasterCopy(MasterTable table, Instant fetchedAt, Optional<MasterFailure> trouble) {
    /** How old it is at {@code now}. */
    public Duration age(Instant now) {
        return Duration.between(fetchedAt, now);
    }
}
