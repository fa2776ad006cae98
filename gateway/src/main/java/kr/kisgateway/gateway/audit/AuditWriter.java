package kr.kisgateway.gateway.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.gateway.audit.AuditSpool.Numbered;
import kr.kisgateway.gateway.audit.AuditStore.Head;
import kr.kisgateway.gateway.audit.AuditStore.Spooled;
import kr.kisgateway.gateway.file.AtomicFile;
import kr.kisgateway.gateway.journal.DatabaseQuarantine;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.secret.SigningKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread {@code audit}, which alone writes the store: what waits in one commit, a signature of the chain each minute, complete
 * months into sealed files each hour. After a failure it opens the store again each second.
 */
final class AuditWriter implements AutoCloseable {
    private static final int BATCH_MAX = 512;
    private static final int CHECKPOINT_ROWS = 1_000;
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofMinutes(1);
    private static final Duration MAINTENANCE_INTERVAL = Duration.ofHours(1);
    private static final long POLL_MILLIS = 200;
    /** After a row the writer waits for more: a commit costs the disk as much as one of the journal. The spool has those that change something. */
    private static final long GATHER_MILLIS = 50;

    private static final long RETRY_MILLIS = 1_000;
    private static final long STOP_SECONDS = 10;
    private static final String SUBJECT = "audit";
    private static final Logger LOG = LoggerFactory.getLogger("gateway.audit");

    private final AuditFiles files;
    private final AuditQueue queue;
    private final CallSummaries summaries;
    private final SigningKey key;
    private final InstantSource clock;
    private final InstantSource monotonicClock;
    private final AuditTrail.Alerts alerts;
    private final LongAdder written = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().name("audit").daemon(true).unstarted(this::work);

    // Of the thread alone:
    private final List<Numbered> batch = new ArrayList<>();
    private final List<AuditEntry> reports = new ArrayList<>();
    private final List<Numbered> recovered;
    private Optional<AuditStore> store = Optional.empty();
    private Optional<Attempt> unclear = Optional.empty();
    private Head head = new Head(0, AuditStore.START);
    private Spooled spooled = new Spooled(0, 0);
    private boolean begun;
    private boolean failing;
    private long lostReported;
    private long unsigned;
    private Instant signedAt;
    private Instant maintainedAt = Instant.EPOCH;

    /** What the thread uses of the gateway. */
    record Environment(SigningKey key, InstantSource clock, InstantSource monotonicClock, AuditTrail.Alerts alerts) {}

    /**
     * A commit.
     *
     * @param end where the chain ends when it succeeds
     * @param lost rows that were lost until then
     */
    private record Attempt(List<AuditEntry> entries, Head end, Spooled spooled, long lost) {}

    AuditWriter(AuditFiles files, AuditQueue queue, CallSummaries summaries, Environment environment) {
        this.files = files;
        this.queue = queue;
        this.summaries = summaries;
        this.key = environment.key();
        this.clock = environment.clock();
        this.monotonicClock = environment.monotonicClock();
        this.alerts = environment.alerts();
        this.signedAt = monotonicClock.instant();
        this.recovered = new ArrayList<>(queue.recovered());
    }

    void bindTo(Meters meters) {
        meters.counter("audit.rows", "rows", "Rows of the audit that are stored", written::sum);
        meters.counter("audit.failures", "attempts", "Attempts to store rows of the audit that failed", failures::sum);
    }

    void start() {
        thread.start();
    }

    private boolean isStopping() {
        return stopRequested.getCount() == 0;
    }

    private void work() {
        try {
            while (!isStopping()) {
                collect(store.isPresent() ? POLL_MILLIS : 0);
                if (!store()) {
                    stopRequested.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
                } else {
                    maintain();
                }
            }
            finish();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeStore();
            stopped.countDown();
        }
    }

    private void collect(long waitMillis) throws InterruptedException {
        if (batch.size() < BATCH_MAX) {
            queue.moveTo(batch, BATCH_MAX - batch.size(), batch.isEmpty() ? waitMillis : 0);
            if (waitMillis > 0 && !batch.isEmpty() && batch.size() < BATCH_MAX) {
                stopRequested.await(GATHER_MILLIS, TimeUnit.MILLISECONDS);
                queue.moveTo(batch, BATCH_MAX - batch.size(), 0);
            }
            summaries.removeEnded(clock.instant()).forEach(row -> batch.add(new Numbered(0, row)));
        }
    }

    /** Stores what was collected, and signs the chain when it is time; false when that fails. */
    private boolean store() {
        try {
            if (store.isEmpty()) {
                connect();
            }
            append();
            if (isSignatureDue()) {
                sign();
            }
            if (failing) {
                failing = false;
                LOG.info("audit_available");
                alerts.unavailable().settle(SUBJECT);
            }
            return true;
        } catch (RuntimeException e) {
            // A defect, too: without this thread every change would be refused, and no alert be raised.
            fail(e);
            return false;
        }
    }

    private boolean isSignatureDue() {
        return unsigned >= CHECKPOINT_ROWS
                || unsigned > 0
                        && Duration.between(signedAt, monotonicClock.instant()).compareTo(CHECKPOINT_INTERVAL) >= 0;
    }

    private void fail(RuntimeException e) {
        failures.increment();
        closeStore();
        if (!failing) {
            failing = true;
            LOG.error("audit_unavailable", e);
            alerts.unavailable()
                    .raise(
                            SUBJECT,
                            "The audit cannot be written: " + e.getMessage()
                                    + ". Calls are recorded in memory; when there is no more room, calls that change"
                                    + " something are refused, except cancels and the kill switch.");
        }
    }

    private void closeStore() {
        store.ifPresent(it -> {
            try {
                it.close();
            } catch (AuditException e) {
                LOG.debug("audit_not_closed", e);
            }
        });
        store = Optional.empty();
    }

    private void connect() {
        var connected = openOrReplace();
        store = Optional.of(connected);
        var end = connected.head();
        // A commit may have succeeded though it was answered by a failure.
        unclear.filter(it ->
                        it.end().seq() == end.seq() && Arrays.equals(it.end().hash(), end.hash()))
                .ifPresent(this::succeed);
        unclear = Optional.empty();
        head = end;
        spooled = connected.spooled();
        if (!begun) {
            begin(connected);
        }
    }

    /** Stores what the process before left, and that this one began, before anything of this one. */
    private void begin(AuditStore connected) {
        var waiting = List.copyOf(batch);
        recovered.removeIf(this::isStored);
        batch.clear();
        batch.addAll(recovered);
        reports.clear();
        reportStart(connected);
        try {
            append();
            recovered.clear();
            begun = true;
        } finally {
            unclear = Optional.empty();
            batch.clear();
            batch.addAll(waiting);
        }
    }

    private AuditStore openOrReplace() {
        try {
            return AuditStore.open(files.store());
        } catch (AuditException e) {
            if (!AuditStore.isDamaged(e)) {
                throw e;
            }
            var aside = DatabaseQuarantine.quarantine(files.store(), "damaged", clock);
            alerts.damaged()
                    .raise(SUBJECT, "The audit's file is damaged and was set aside: " + aside + ". A new one begins.");
            return AuditStore.open(files.store());
        }
    }

    private boolean isStored(Numbered row) {
        return row.number() > 0 && queue.session() == spooled.session() && row.number() <= spooled.number();
    }

    private void reportStart(AuditStore connected) {
        Instant now = clock.instant();
        var last = connected.rowsAfter(head.seq() - 1, 1).stream().findFirst().map(AuditRow::entry);
        var notes = new ArrayList<String>();
        if (last.filter(it -> !it.call().equals(AuditReports.STOPPED)).isPresent()) {
            notes.add(AuditReports.AFTER + "=" + AuditReports.KILL);
            notes.add("recovered=" + recovered.size());
        }
        last.map(it -> Duration.between(now, it.at()))
                .filter(Duration::isPositive)
                .ifPresent(behind -> notes.add("clock_behind_sec=" + behind.toSeconds()));
        reports.add(AuditEntry.report(now, AuditReports.STARTED, String.join(" ", notes), 1));
        files.head()
                .filter(signed -> signed.isGenuine() && signed.seq() > head.seq())
                .ifPresent(signed -> reportDamage(AuditReports.ROWS_MISSING, head.seq() + 1, signed.seq()));
        AuditVerifier.firstBrokenSinceCheckpoint(connected)
                .ifPresent(broken -> reportDamage(AuditReports.CHAIN_BROKEN, broken, head.seq()));
    }

    private void reportDamage(String what, long first, long last) {
        reports.add(AuditEntry.report(clock.instant(), what, "first=" + first + " last=" + last, last - first + 1));
        alerts.damaged()
                .raise(
                        SUBJECT,
                        "The audit was changed while the gateway was stopped: " + what + ", from row " + first
                                + " on. ./kis audit verify lists what is wrong.");
    }

    private void append() {
        long lost = queue.lost();
        var entries = new ArrayList<AuditEntry>();
        batch.forEach(row -> entries.add(row.entry()));
        entries.addAll(reports);
        if (lost > lostReported) {
            entries.add(AuditEntry.report(clock.instant(), AuditReports.ROWS_LOST, "", lost - lostReported));
        }
        if (entries.isEmpty()) {
            return;
        }
        long number = batch.stream().mapToLong(Numbered::number).max().orElse(0);
        var mark = number > 0 ? new Spooled(queue.session(), number) : spooled;
        var attempt = new Attempt(entries, end(entries), mark, lost);
        unclear = Optional.of(attempt);
        store.orElseThrow().append(head, entries, mark);
        unclear = Optional.empty();
        succeed(attempt);
        queue.trimSpool();
    }

    private Head end(List<AuditEntry> entries) {
        byte[] hash = head.hash();
        long seq = head.seq();
        for (var entry : entries) {
            hash = entry.hash(hash, ++seq);
        }
        return new Head(seq, hash);
    }

    private void succeed(Attempt attempt) {
        head = attempt.end();
        spooled = attempt.spooled();
        written.add(attempt.entries().size());
        unsigned += attempt.entries().size();
        batch.clear();
        reports.clear();
        if (attempt.lost() > lostReported) {
            alerts.rowsLost()
                    .raise(
                            SUBJECT,
                            (attempt.lost() - lostReported)
                                    + " rows of the audit are missing: they found no room while it could not be"
                                    + " written. What their calls did to orders is in the journal.");
            lostReported = attempt.lost();
        }
    }

    private void sign() {
        var checkpoint = AuditCheckpoint.of(head.seq(), clock.instant(), head.hash(), key);
        store.orElseThrow().add(checkpoint);
        try {
            AtomicFile.writeForOwner(files.headFile(), AuditJson.bytes(checkpoint));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        unsigned = 0;
        signedAt = monotonicClock.instant();
    }

    private void maintain() {
        Instant now = clock.instant();
        if (Duration.between(maintainedAt, now).abs().compareTo(MAINTENANCE_INTERVAL) < 0) {
            return;
        }
        maintainedAt = now;
        try {
            var archiver = new AuditArchiver(files, store.orElseThrow(), key, clock);
            archiver.run(this::storeMeanwhile);
            archiver.broken()
                    .ifPresent(row -> alerts.damaged()
                            .raise(
                                    SUBJECT,
                                    "The audit is not moved into a sealed file: row " + row
                                            + " was changed. ./kis audit verify lists what is wrong."));
            archiver.removed()
                    .forEach(month -> reports.add(
                            AuditEntry.report(clock.instant(), AuditReports.FILE_REMOVED, "month=" + month, 1)));
        } catch (RuntimeException e) {
            LOG.error("audit_not_archived", e);
        }
    }

    /** Between two steps of the archive: rows must not wait for a whole month. False to stop. */
    private boolean storeMeanwhile() {
        try {
            collect(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return store() && !isStopping();
    }

    private void finish() throws InterruptedException {
        summaries.removeEnded(Instant.MAX).forEach(row -> batch.add(new Numbered(0, row)));
        while (queue.size() > 0) {
            collect(0);
            if (!store()) {
                LOG.error("audit_rows_not_stored rows={}", batch.size() + queue.size());
                return;
            }
        }
        reports.add(AuditEntry.report(clock.instant(), AuditReports.STOPPED, "", 1));
        unsigned = Math.max(unsigned, CHECKPOINT_ROWS);
        if (!store()) {
            LOG.error("audit_rows_not_stored rows={}", batch.size());
        }
    }

    @Override
    public void close() {
        stopRequested.countDown();
        try {
            if (!stopped.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.error("audit_not_stopped rows={}", queue.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
