package kr.kisgateway.gateway.job;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Current state of a job.
 *
 * @param id of this job
 * @param kind kind of work
 * @param request the JSON object that the job was created with
 * @param tenant who requested it
 * @param state its state
 * @param createdAt when it was requested
 * @param endedAt when it ended
 * @param message reason of the failure; empty unless {@link State#FAILED}
 * @param total units
 * @param done completed units
 * @param failed failed units
 * @param failures the first failures, at most {@link #LISTED_MAX}
 * @param noteCount units with a note
 * @param notes the first notes, at most {@link #LISTED_MAX}
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
    /** Maximum failures and notes that are listed; further ones are only counted. */
    public static final int LISTED_MAX = 100;

    public Job {
        failures = List.copyOf(failures);
        notes = List.copyOf(notes);
    }

    /** State of a job. */
    public enum State {
        RUNNING,
        /** Every unit is done or failed. */
        DONE,
        /** It could not continue; its message gives the reason. */
        FAILED,
        CANCELED
    }

    record Failure(String unit, String code, String message) {}

    record Note(String unit, String text) {}
}
