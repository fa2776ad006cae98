package kr.kisgateway.gateway.job;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one kind of job does. Its units may run twice, after a kill: they must not mind. */
public interface JobKind {
    /** The word in the API, as {@code backfill}. */
    String name();

    /** How many units run side by side. */
    int concurrentUnits();

    /** Whether a unit's name ends with the part of the job that it belongs to, as in {@code 005930/price}, and parts have figures. */
    default boolean reportsParts() {
        return false;
    }

    /** Whether its units write to the disk of the journal: then they wait while the disk has too little room. */
    default boolean needsDiskSpace() {
        return false;
    }

    /** Where the results of {@code unit}, which is settled, lie, and one of them; empty for kinds that write no files. */
    default Optional<WrittenFiles> files(String request, String unit) {
        return Optional.empty();
    }

    /** After how many units that ran their results are settled. */
    int unitsPerSettlement();

    /** Does one unit; blocks, on a virtual thread. */
    Outcome run(Run run, String unit);

    /**
     * Makes lasting what {@code units} brought. Called for all units that ran, perhaps again for the same ones after a kill,
     * and never by two threads for one job.
     *
     * @return by unit, what somebody should know of it beside what its run told
     */
    Map<String, String> settle(Run run, List<String> units);

    /** After the last unit was settled, or the job was cancelled. */
    void onEnded(Run run);

    /** The job that a unit belongs to. */
    interface Run {
        String id();

        /** The JSON object that the job was made with. */
        String request();

        /** Who pays for calls. */
        String tenant();

        /** Whether the job was cancelled or the gateway stops. */
        boolean isStopped();

        /** Waits, unless the job is stopped before or meanwhile. */
        void pause(Duration time);
    }

    /** What became of a unit. */
    sealed interface Outcome {
        /** @param note something that somebody should know of it */
        record Done(Optional<String> note) implements Outcome {}

        /** It could not be done; the job goes on with the others. */
        record Failed(String code, String message) implements Outcome {}

        /** The job was stopped before it was done. */
        record Stopped() implements Outcome {}
    }
}
