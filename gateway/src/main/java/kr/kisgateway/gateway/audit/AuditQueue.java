package kr.kisgateway.gateway.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import kr.kisgateway.gateway.audit.AuditSpool.Numbered;
import kr.kisgateway.gateway.meter.Meters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows on their way to the store: a bounded queue, and the {@linkplain AuditSpool spool} of those that change something. */
final class AuditQueue implements AutoCloseable {
    private static final long SPOOL_BYTES = 1_024L * 1_024;
    private static final Logger LOG = LoggerFactory.getLogger("gateway.audit");

    private final ArrayBlockingQueue<Numbered> rows;
    private final int reserve;
    private final Optional<AuditSpool> spool;
    /** Orders the spool: held while a few hundred bytes go into the system's memory. */
    private final ReentrantLock spoolLock = new ReentrantLock();

    private final LongAdder lost = new LongAdder();
    private final LongAdder unspooled = new LongAdder();

    private AuditQueue(int limit, int reserve, Optional<AuditSpool> spool) {
        this.rows = new ArrayBlockingQueue<>(limit);
        this.reserve = reserve;
        this.spool = spool;
    }

    /**
     * Opens the queue with the spool in {@code folder}.
     *
     * @param limit rows that may wait
     * @param reserve how many of them are for {@link #addChange} alone
     */
    static AuditQueue open(Path folder, int limit, int reserve, RandomGenerator random) {
        Optional<AuditSpool> spool = Optional.empty();
        try {
            spool = Optional.of(AuditSpool.open(folder.resolve(AuditSpool.NAME), random));
        } catch (IOException e) {
            LOG.error("audit_spool_not_opened", e);
        }
        return new AuditQueue(limit, reserve, spool);
    }

    void bindTo(Meters meters) {
        meters.counter("audit.lost", "rows", "Rows of the audit that found no room and are missing", lost::sum);
        meters.counter(
                "audit.unspooled",
                "rows",
                "Rows of the audit that a kill of the process would lose, because their spool cannot be written",
                unspooled::sum);
        meters.queue("audit", rows::size, (long) rows.size() + rows.remainingCapacity());
    }

    /** The rows that the process before left in the spool. */
    List<Numbered> recovered() {
        return spool.map(AuditSpool::recovered).orElse(List.of());
    }

    /** Session of the spool; 0 without one. */
    long session() {
        return spool.map(AuditSpool::session).orElse(0L);
    }

    /** Whether only the reserve is left. */
    boolean isFull() {
        return rows.remainingCapacity() <= reserve;
    }

    /** Adds a row that leaves the reserve alone; without room it is counted as lost. */
    void add(AuditEntry entry) {
        if (isFull() || !rows.offer(new Numbered(0, entry))) {
            lost.increment();
        }
    }

    /** Adds the row of a call that changes something, also to the spool; without any room it is counted as lost. */
    void addChange(AuditEntry entry) {
        spoolLock.lock();
        try {
            if (rows.remainingCapacity() == 0 || !rows.offer(new Numbered(spool(entry), entry))) {
                lost.increment();
            }
        } finally {
            spoolLock.unlock();
        }
    }

    /** Adds a row to the queue and the spool that leaves the reserve alone; without room it is counted as lost. */
    void addReport(AuditEntry entry) {
        if (isFull()) {
            lost.increment();
        } else {
            addChange(entry);
        }
    }

    private long spool(AuditEntry entry) {
        if (spool.isPresent()) {
            try {
                return spool.get().add(entry);
            } catch (IOException e) {
                LOG.debug("audit_not_spooled", e);
            }
        }
        unspooled.increment();
        return 0;
    }

    /** Waits for a row, and moves at most {@code max} to {@code target}. */
    void moveTo(Collection<Numbered> target, int max, long waitMillis) throws InterruptedException {
        var first = Optional.ofNullable(waitMillis > 0 ? rows.poll(waitMillis, TimeUnit.MILLISECONDS) : rows.poll());
        first.ifPresent(row -> {
            target.add(row);
            rows.drainTo(target, max - 1);
        });
    }

    /** Removes the rows that the store has from a spool that has grown. */
    void trimSpool() {
        if (spool.isEmpty() || spool.get().size() < SPOOL_BYTES) {
            return;
        }
        spoolLock.lock();
        try {
            spool.get().restart(rows.stream().filter(row -> row.number() > 0).toList());
        } catch (IOException e) {
            LOG.warn("audit_spool_not_trimmed cause=\"{}\"", e.toString());
        } finally {
            spoolLock.unlock();
        }
    }

    int size() {
        return rows.size();
    }

    long lost() {
        return lost.sum();
    }

    @Override
    public void close() {
        spool.ifPresent(it -> {
            try {
                it.close();
            } catch (IOException e) {
                LOG.warn("audit_spool_not_closed cause=\"{}\"", e.toString());
            }
        });
    }
}
