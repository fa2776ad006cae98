package kr.kisgateway.gateway.audit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.audit.AuditStore.Head;
import kr.kisgateway.gateway.audit.SharedAuditStore.Chain;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.task.TaskRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the rows of a data folder's audit to the database of the cluster, each second, so that they outlive the machine and every
 * gateway can search them. The folder's own audit needs no database: while that one is away rows are recorded as always, and copied
 * later.
 *
 * <p>A copy goes on where the last one ended when the folder has that very row. Another folder of the same name, or a file that was
 * replaced, begins another chain.
 */
public final class AuditCopier implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    /** Between two steps: who catches up leaves the machine to orders. */
    private static final Duration CATCH_UP_PAUSE = Duration.ofMillis(20);

    private static final Duration REMOVAL_INTERVAL = Duration.ofHours(1);
    /** A database that fails over is away for less. */
    private static final Duration LATE_AFTER = Duration.ofMinutes(1);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);
    private static final int STEP = 1_000;
    private static final int REMOVED_AT_ONCE = 5_000;
    private static final String SUBJECT = "audit";
    private static final Logger LOG = LoggerFactory.getLogger("gateway.audit");

    private final AuditFiles files;
    private final StoreDatabase database;
    private final String gateway;
    private final InstantSource clock;
    private final InstantSource monotonicClock;
    private final AlertSource late;

    // Of the task's thread alone:
    private Optional<SharedAuditStore> shared = Optional.empty();
    private Optional<Chain> current = Optional.empty();
    private long lastSignature;
    private long recorded;
    private OptionalLong copied = OptionalLong.empty();
    private Optional<Instant> failingSince = Optional.empty();
    private Optional<Instant> removedAt = Optional.empty();
    private boolean raised;

    private volatile long waiting;
    private Optional<TaskRunner.Task> task = Optional.empty();

    private AuditCopier(
            Path folder,
            StoreDatabase database,
            String gateway,
            InstantSource clock,
            InstantSource monotonicClock,
            AlertSource late) {
        this.files = new AuditFiles(folder);
        this.database = database;
        this.gateway = gateway;
        this.clock = clock;
        this.monotonicClock = monotonicClock;
        this.late = late;
    }

    /**
     * Copies from now on, and a last time when it is closed.
     *
     * @param database which every gateway may change
     * @param gateway the name of this one
     * @param monotonicClock a clock that is never adjusted
     * @param late reports that nothing could be copied for a minute
     */
    public static AuditCopier start(
            Path folder,
            StoreDatabase database,
            String gateway,
            InstantSource clock,
            InstantSource monotonicClock,
            AlertSource late,
            TaskRunner tasks) {
        var copier = new AuditCopier(folder, database, gateway, clock, monotonicClock, late);
        copier.task = Optional.of(tasks.repeat("audit-copy", Duration.ZERO, copier::run, copier::end));
        return copier;
    }

    public void bindTo(Meters meters) {
        meters.gauge(
                "audit.not_shared",
                "rows",
                "Rows of this gateway's audit that are not in the database of the cluster yet; 0 until it was reached",
                () -> waiting);
    }

    private Duration run() {
        try {
            boolean all = copy();
            settle();
            return all ? INTERVAL : CATCH_UP_PAUSE;
        } catch (RuntimeException e) {
            fail(e);
            return INTERVAL;
        } finally {
            waiting = copied.isPresent() ? Math.max(0, recorded - copied.getAsLong()) : 0;
        }
    }

    private void settle() {
        if (failingSince.isPresent()) {
            LOG.info("audit_shared");
        }
        failingSince = Optional.empty();
        if (raised) {
            raised = false;
            late.settle(SUBJECT);
        }
    }

    private void fail(RuntimeException e) {
        closeShared();
        var now = monotonicClock.instant();
        if (failingSince.isEmpty()) {
            failingSince = Optional.of(now);
            LOG.warn("audit_not_shared cause=\"{}\"", String.valueOf(e.getMessage()));
        }
        if (!raised && Duration.between(failingSince.get(), now).compareTo(LATE_AFTER) >= 0) {
            raised = true;
            late.raise(
                    SUBJECT,
                    "The audit of this gateway has not been copied to the database for a minute: " + e.getMessage()
                            + ". It is recorded in the data folder as always.");
        }
    }

    /** Copies the next rows; returns whether these were all. */
    private boolean copy() {
        if (!Files.exists(files.store())) {
            return true;
        }
        try (var own = AuditStore.openForReading(files.store())) {
            // Complete months may be moved into sealed files meanwhile.
            own.freeze();
            recorded = own.head().seq();
            if (recorded == 0) {
                return true;
            }
            var store = shared.orElseGet(() -> {
                var opened = SharedAuditStore.open(database);
                shared = Optional.of(opened);
                return opened;
            });
            var chain = current.filter(it -> has(own, it.last())).orElseGet(() -> find(own, store));
            var rows = own.rowsAfter(chain.last().seq(), STEP);
            long last = rows.isEmpty() ? chain.last().seq() : rows.getLast().seq();
            var signatures = own.checkpointsFrom(lastSignature + 1, STEP).stream()
                    .filter(it -> it.seq() <= last)
                    .toList();
            if (!rows.isEmpty() || !signatures.isEmpty()) {
                chain = store.append(chain, rows, signatures);
            }
            current = Optional.of(chain);
            if (!signatures.isEmpty()) {
                lastSignature = signatures.getLast().seq();
            }
            copied = OptionalLong.of(last);
            removeOld(store);
            return rows.size() < STEP;
        }
    }

    /** The chain that ends with a row of the folder, or a new one behind the last row that the two have in common. */
    private Chain find(AuditStore own, SharedAuditStore store) {
        var chains = store.chainsOf(gateway);
        var chain = chains.stream()
                .filter(it -> has(own, it.last()))
                .max(Comparator.comparing(it -> it.last().seq()))
                .orElseGet(() -> store.begin(gateway, clock.instant(), beginning(own, store, chains), chains.size()));
        lastSignature = Math.max(store.lastSignature(chain), chain.before().seq());
        return chain;
    }

    /** The last row of the folder that is in a chain, or what is before its first row outside of sealed files. */
    private static Head beginning(AuditStore own, SharedAuditStore store, List<Chain> chains) {
        var first = outside(own);
        return chains.stream()
                .map(chain -> lastCommon(own, store, chain, first.seq()))
                .flatMap(Optional::stream)
                .filter(it -> it.seq() > first.seq())
                .max(Comparator.comparing(Head::seq))
                .orElse(first);
    }

    /**
     * The last row that the folder and a chain have in common: of two chains with the same row all rows before it are the same, too.
     *
     * @param first where the rows of the folder begin that are in no sealed file
     */
    private static Optional<Head> lastCommon(AuditStore own, SharedAuditStore store, Chain chain, long first) {
        var found = Optional.<Head>empty();
        long low = Math.max(chain.before().seq(), first);
        long high = Math.min(own.head().seq(), chain.last().seq());
        while (low <= high) {
            long middle = low + (high - low) / 2;
            var row = store.hash(chain, middle)
                    .map(hash -> new Head(middle, hash))
                    .filter(it -> has(own, it));
            if (row.isPresent()) {
                found = row;
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return found;
    }

    /** What is before the rows that are in no sealed file. */
    private static Head outside(AuditStore own) {
        return own.seals().stream()
                .reduce((_, later) -> later)
                .map(seal -> new Head(seal.last(), seal.after()))
                .orElseGet(() -> new Head(0, AuditStore.START));
    }

    /** Whether the folder's chain has that row and, outside of sealed files, every row after it. */
    private static boolean has(AuditStore own, Head row) {
        return own.rowsAfter(row.seq() - 1, 1).stream()
                .map(it -> new Head(it.seq(), it.hash()))
                .filter(it -> it.seq() == row.seq())
                .findFirst()
                .or(() -> Optional.of(outside(own)))
                .filter(it -> isSame(row, it))
                .isPresent();
    }

    private static boolean isSame(Head one, Head other) {
        return one.seq() == other.seq() && Arrays.equals(one.hash(), other.hash());
    }

    /** What cannot be removed now is removed an hour later. */
    private void removeOld(SharedAuditStore store) {
        var now = monotonicClock.instant();
        if (removedAt
                .filter(at -> Duration.between(at, now).compareTo(REMOVAL_INTERVAL) < 0)
                .isPresent()) {
            return;
        }
        try {
            if (store.removeOld(REMOVED_AT_ONCE)) {
                removedAt = Optional.of(now);
            }
        } catch (AuditException e) {
            removedAt = Optional.of(now);
            // Its connection is another one then: what a database lost that failed over is found out before the next
            // row.
            current = Optional.empty();
            LOG.warn("audit_copies_not_removed cause=\"{}\"", e.getMessage());
        }
    }

    /** Copies what the audit recorded until its end, unless the database is away. */
    private void end() {
        var until = monotonicClock.instant().plus(STOP_LIMIT);
        boolean all = false;
        while (!all && failingSince.isEmpty() && monotonicClock.instant().isBefore(until)) {
            all = run().equals(INTERVAL);
        }
        closeShared();
    }

    private void closeShared() {
        current = Optional.empty();
        shared.ifPresent(it -> {
            try {
                it.close();
            } catch (AuditException e) {
                LOG.debug("audit_copy_not_closed", e);
            }
        });
        shared = Optional.empty();
    }

    /** To be closed after the audit itself. */
    @Override
    public void close() {
        task.ifPresent(it -> {
            it.close();
            if (!it.awaitEnd(STOP_LIMIT)) {
                LOG.warn("audit_not_shared rows={}", waiting);
            }
        });
    }
}
