package kr.kisgateway.client.master;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A master file and how old it is.
 *
 * @param table what it says
 * @param fetchedAt when it was downloaded
 * @param trouble why it is not newer, or why it was not kept on disk; empty when all is well
 */
public record MasterCopy(MasterTable table, Instant fetchedAt, Optional<MasterFailure> trouble) {
    /** How old it is at {@code now}. */
    public Duration age(Instant now) {
        return Duration.between(fetchedAt, now);
    }
}
