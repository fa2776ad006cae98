package kr.kisgateway.gateway.audit;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.secret.SigningKey;

/**
 * Records calls. A caller's thread only puts a row into a bounded queue, and into a file without fsync when the call changes
 * something; {@link AuditWriter} stores what waits.
 *
 * <p><b>When the store fails</b> rows wait in the queue and an alert is raised. When the queue is full but for its reserve, calls
 * that change something are {@linkplain #refusal refused} before they do it, except those that reduce risk (cancels, kill switch):
 * these use the reserve. A row that finds no room is counted and reported, by an alert and by a row with the number of those
 * missing.
 */
public final class AuditTrail implements AutoCloseable {
    /** Rows that wait for the store. */
    public static final int QUEUE_MAX = 8_192;

    /** Of these for calls that change something. */
    static final int RESERVE = 1_024;

    private final AuditQueue queue;
    private final CallSummaries summaries = new CallSummaries();
    private final AuditWriter writer;

    /**
     * What the trail reports.
     *
     * @param unavailable rows cannot be stored
     * @param rowsLost rows found no room
     * @param damaged stored rows were changed or removed
     */
    public record Alerts(AlertSource unavailable, AlertSource rowsLost, AlertSource damaged) {}

    /** How a row matters. */
    public enum Weight {
        /** The call changes something. */
        CHANGE,
        /** The call reads something. */
        READ,
        /** The gateway reports one of many events. */
        REPORT
    }

    private AuditTrail(AuditQueue queue, Path folder, AuditWriter.Environment environment) {
        this.queue = queue;
        this.writer = new AuditWriter(new AuditFiles(folder), queue, summaries, environment);
    }

    /**
     * Opens the trail of {@code folder} and starts its thread. A store that cannot be opened prevents no start: rows wait until it can.
     *
     * @param monotonicClock a clock that is never adjusted
     */
    public static AuditTrail open(
            Path folder,
            SigningKey key,
            InstantSource clock,
            InstantSource monotonicClock,
            RandomGenerator random,
            Alerts alerts) {
        return open(folder, QUEUE_MAX, RESERVE, key, clock, monotonicClock, random, alerts);
    }

    static AuditTrail open(
            Path folder,
            int queueMax,
            int reserve,
            SigningKey key,
            InstantSource clock,
            InstantSource monotonicClock,
            RandomGenerator random,
            Alerts alerts) {
        var queue = AuditQueue.open(folder, queueMax, reserve, random);
        var trail = new AuditTrail(queue, folder, new AuditWriter.Environment(key, clock, monotonicClock, alerts));
        trail.writer.start();
        return trail;
    }

    /** Registers the meters. */
    public void bindTo(Meters meters) {
        queue.bindTo(meters);
        writer.bindTo(meters);
        meters.cacheLimit("audit_sums", summaries::size, CallSummaries.GROUPS_MAX);
    }

    /** Why a call that changes something is refused now; empty where its row has room. */
    public Optional<Refusal> refusal() {
        return queue.isFull()
                ? Optional.of(Refusal.of(
                                ErrorCode.AUDIT_UNAVAILABLE,
                                "Nothing was done, because it could not be recorded: the audit cannot be written now."
                                        + " Cancels and the kill switch pass.")
                        .retryAfter(Duration.ofSeconds(5)))
                : Optional.empty();
    }

    /** Records a call by a row of its own. Does not wait for the store. */
    public void record(AuditEntry call, Weight weight) {
        switch (weight) {
            case CHANGE -> queue.addChange(call);
            case READ -> queue.add(call);
            case REPORT -> queue.addReport(call);
        }
    }

    /** Records a report of the gateway about itself, which survives a kill of the process as a change does. */
    public void report(Instant at, String what, String parameters) {
        record(AuditEntry.report(at, what, parameters, 1), Weight.CHANGE);
    }

    /**
     * Records {@code count} events of the gateway itself. The row survives a kill of the process, and leaves the places alone that are
     * for changes.
     */
    public void report(Instant at, String what, String parameters, long count) {
        record(AuditEntry.report(at, what, parameters, count), Weight.REPORT);
    }

    /** Adds a call to the row of its minute. */
    public void sum(AuditEntry call) {
        summaries.add(call);
    }

    /** Stores what waits, signs the chain and stops. */
    @Override
    public void close() {
        writer.close();
        queue.close();
    }
}
