package kr.kisgateway.gateway.job;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A job as it stands.
 *
 * @param id of this job
 * @param kind what it does
 * @param request the JSON object that it was made with
 * @param tenant who asked for it
 * @param state where it is
 * @param createdAt when it was asked for
 * @param endedAt when it ended
 * @param message why it could not go on; empty unless {@link State#FAILED}
 * @param total units
 * @param done of these, done
 * @param failed of these, failed
 * @param failures the first of the failed, at most {@link #LISTED_MAX}
 * @param noteCount how many units left a note
 * @param notes the first of these, at most {@link #LISTED_MAX}
 */
public record Job(
        String id,
        String kind,
        String request,
        String tenant,
        State state,
        Instant createdAt,
        Optional<Instant> endedAt,
        String message,
        int total,
        int done,
        int failed,
        List<Failure> failures,
        int noteCount,
        List<Note> notes) {
    /** Failures and notes that are listed; those beyond are counted. */
    public static final int LISTED_MAX = 100;

    public Job {
        failures = List.copyOf(failures);
        notes = List.copyOf(notes);
    }

    /** Where a job is. */
    public enum State {
        RUNNING,
        /** All units are done or have failed. */
        DONE,
        /** It could not go on; its message says why. */
        FAILED,
        CANCELED
    }

    record Failure(String unit, String code, String message) {}

    record Note(String unit, String text) {}
}
