package kr.kisgateway.gateway.job;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Work of one kind of job. Its units may run twice after a kill, so they must be idempotent. */
public interface JobKind {
    /** The name in the API, as {@code backfill}. */
    String name();

    /** How many units run concurrently. */
    int concurrentUnits();

    /** Whether a unit's name ends with its part of the job, as in {@code 005930/price}, and parts have figures. */
    default boolean reportsParts() {
        return false;
    }

    /** Whether its units write to the disk of the journal: then they wait while disk space is low. */
    default boolean needsDiskSpace() {
        return false;
    }

    /** Location of the results of the settled {@code unit}, with a sample; empty for kinds that write no files. */
    default Optional<WrittenFiles> files(String request, String unit) {
        return Optional.empty();
    }

    /** Number of completed units after which their results are settled. */
    int unitsPerSettlement();

    /** Executes one unit; blocks, on a virtual thread. */
    Outcome run(Run run, String unit);

    /**
     * Makes the results of {@code units} durable. Called for all units that ran, possibly again for the same ones after
     * a kill, and never by two threads for one job.
     *
     * @return by unit, notes in addition to those of its run
     */
    Map<String, String> settle(Run run, List<String> units);

    /** Called after the last unit is settled, or the job is cancelled. */
    void onEnded(Run run);

    /** The job that a unit belongs to. */
    interface Run {
        String id();

        /** The JSON object that the job was created with. */
        String request();

        /** Tenant whose budget the requests use. */
        String tenant();

        /** Whether the job is cancelled or the gateway stops. */
        boolean isStopped();

        /** Waits, unless the job is stopped before or meanwhile. */
        void pause(Duration time);
    }

    /** Outcome of a unit. */
    sealed interface Outcome {
        /** @param note a note for the operator */
        record Done(Optional<String> note) implements Outcome {}

        /** The unit failed; the job continues with the others. */
        record Failed(String code, String message) implements Outcome {}

        /** The job was stopped before the unit completed. */
        record Stopped() implements Outcome {}
    }
}
