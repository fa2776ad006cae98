package kr.kisgateway.gateway.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kr.kisgateway.gateway.database.DatabaseException;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.database.RowBatch;
import kr.kisgateway.gateway.database.RowBatch.Condition;
import kr.kisgateway.gateway.lease.Lease;
import kr.kisgateway.gateway.lease.LeaseLostException;
import kr.kisgateway.gateway.lease.LeaseStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal in PostgreSQL: {@code synchronous_commit=on}, one transaction for a group of events, which first locks the row of
 * the lease with this owner's epoch. So a former owner, however late it wakes up, writes nothing.
 *
 * <p>Threads: {@link #commit} and {@link #onWriter} belong to one owner thread; {@link #read} may be called from any thread
 * and takes one of {@value #READERS} connections.
 */
public final class PostgresJournal implements Journal {
    private static final int READERS = 4;
    private static final Duration READ_WAIT = Duration.ofSeconds(5);
    private static final Duration READ_LIMIT = Duration.ofSeconds(1);
    private static final Duration RECORD_EVERY = Duration.ofSeconds(1);
    /** SQLSTATE of a query that took longer than its limit. */
    private static final String CANCELLED = "57014";

    private static final Logger LOG = LoggerFactory.getLogger("gateway.journal");

    private final JournalHeads heads;
    private final Lease lease;
    private final Connection writer;
    /** A former owner writes no row, and waits for no row of its successor. */
    private final Condition held;

    private final RowBatch events;
    private final RowBatch positions;
    private final String id;
    private final long fence;
    private final Postgres.Readers readers;
    private final Semaphore readsLeft = new Semaphore(READERS + QUEUED_READS_MAX);
    private final Thread recorder;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean closed;

    /**
     * Opens or creates the journal of {@code environment}.
     *
     * @param lease which this process holds
     * @param file name in the folder of this process, beside which it records how far the journal was when it was used here; there is
     *     no such file itself
     * @param witness records where the chains stand
     * @throws JournalException when it belongs to another environment, was written by another release, lacks events that were
     *     recorded here, or cannot be reached
     */
    public static PostgresJournal open(
            Postgres postgres, Lease lease, Path file, String environment, Tables tables, JournalWitness witness) {
        try {
            return new PostgresJournal(postgres, lease, file, environment, tables, witness);
        } catch (SQLException | LeaseLostException e) {
            throw new JournalException(
                    "the journal in " + postgres.address() + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /**
     * Verifies that a gateway that reads the journal beside its owner understands it; there may be none yet.
     *
     * @throws JournalException when it was written by a newer release
     * @throws DatabaseException when the server does not answer
     */
    public static void requireReadable(Postgres postgres) {
        try (Connection connection = postgres.connect()) {
            Schema.requireReadable(connection);
        } catch (SQLException e) {
            throw postgres.failure(e);
        }
    }

    private PostgresJournal(
            Postgres postgres, Lease lease, Path file, String environment, Tables tables, JournalWitness witness)
            throws SQLException {
        this.lease = lease;
        this.held = new Condition(LeaseStore.HELD, List.of(lease.name(), lease.epoch()));
        Optional<JournalPosition> recorded = JournalPosition.read(JournalPosition.fileBeside(file));
        this.writer = postgres.connect();
        try {
            writer.setAutoCommit(false);
            LeaseStore.requireHeldAlone(writer, lease);
            Schema.create(writer, environment, tables);
            if (recorded.isPresent()) {
                requireUpToDate(postgres, recorded.get(), JournalTail.fileBeside(file));
            }
            Optional<JournalRefusal> refusal = JournalRefusal.standing(writer);
            if (refusal.isPresent()) {
                throw behind(postgres, "a gateway of the cluster", refusal.get().missing());
            }
            this.id = Schema.header(writer, Schema.ID).orElseThrow();
            this.fence = 1 + Schema.header(writer, "fence").map(Long::parseLong).orElse(0L);
            Schema.setHeader(writer, "fence", Long.toString(fence));
            writer.commit();
            this.heads = new JournalHeads(writer, id, fence, file, witness);
            writer.commit();
            this.events = new RowBatch(writer, "journal", JournalRows.STORED, "");
            this.positions = JournalRows.positions(writer);
        } catch (SQLException | RuntimeException e) {
            writer.close();
            throw e;
        }
        this.readers = postgres.readers(READERS, READ_WAIT, READ_LIMIT);
        this.recorder = Thread.ofPlatform().name("journal-recorder").daemon().start(this::recordLoop);
    }

    /** A server that failed over to a replica without its last transactions must not go on as if they had never been. */
    private void requireUpToDate(Postgres postgres, JournalPosition recorded, Path tail) throws SQLException {
        JournalPosition found = JournalPosition.of(writer);
        Optional<String> missing = recorded.missingIn(found).or(() -> JournalTail.missingIn(found, tail));
        if (missing.isPresent() && JournalAcceptance.gaveUp(recorded, writer)) {
            LOG.warn("journal_accepted_in_another_folder missing=\"{}\"", missing.get());
        } else if (missing.isPresent()) {
            if (recorded.journal()
                    .equals(found.journal())) { // another journal is this folder's mistake, and not the others'
                new JournalRefusal(recorded.fence(), missing.get()).record(writer);
                writer.commit();
            }
            throw behind(postgres, "this gateway", missing.get());
        }
    }

    private static JournalBehindException behind(Postgres postgres, String who, String missing) {
        return new JournalBehindException("The journal in " + postgres.address() + " is older than what " + who
                + " recorded of it: " + missing
                + ". With it the gateway would lose orders, the kill switch, limits and used idempotency keys since, and"
                + " could place an order twice. Let the server with the newest transactions take writes again, or, to continue"
                + " with this one, stop all gateways and run ./kis journal init"
                + System.lineSeparator()
                + "데이터베이스의 저널이 이 게이트웨이의 기록보다 오래되었습니다. 최신 서버로 되돌리거나, 게이트웨이를 모두 정지하고 ./kis journal init 으로 현재 저널을"
                + " 그대로 사용하도록 지정하십시오.");
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public int queuedReads() {
        return readers.waiting();
    }

    @Override
    public long fence() {
        return fence;
    }

    @Override
    public void commit(List<JournalEntry> entries, List<RowBatch> rows, Work tables) {
        if (closed) {
            throw new JournalException("the journal is closed");
        }
        try {
            JournalHeads.Append append = heads.append(entries);
            if (entries.isEmpty()) {
                LeaseStore.requireHeld(writer, lease);
                RowBatch.executeEach(rows);
            } else {
                write(append, rows);
            }
            tables.run(writer);
            writer.commit();
            heads.commit(append);
        } catch (SQLException | LeaseLostException e) {
            close();
            throw new JournalException("a commit failed: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            close(); // a defect: its partial changes must not become part of the next commit
            throw e;
        }
    }

    private void write(JournalHeads.Append append, List<RowBatch> rows) throws SQLException {
        for (JournalHeads.Chained chained : append.events()) {
            JournalEntry entry = chained.entry();
            events.add(
                    entry.stream(),
                    entry.seq(),
                    ChronoUnit.MICROS.between(Instant.EPOCH, entry.at()),
                    entry.tradingDay().toString(),
                    entry.type(),
                    (long) entry.version(),
                    entry.fence(),
                    entry.subject(),
                    entry.payload(),
                    JournalRows.crc(entry),
                    chained.hash());
        }
        append.last().forEach((stream, head) -> positions.add(stream, head.seq()));
        int inserted = RowBatch.executeTogether(
                held, Stream.concat(Stream.of(events, positions), rows.stream()).toList());
        if (inserted != append.events().size()) {
            lease.lose();
            throw new LeaseLostException(lease);
        }
    }

    @Override
    public <T> T onWriter(Query<T> query) {
        try {
            // No transaction around it: the server ends one that waits while its rows are read. Nothing else writes
            // meanwhile.
            writer.setAutoCommit(true);
            try {
                return query.run(writer);
            } finally {
                writer.setAutoCommit(false);
            }
        } catch (SQLException e) {
            throw new JournalException("a read failed: " + e.getMessage(), e);
        }
    }

    @Override
    public <T> T read(Query<T> query) {
        if (!readsLeft.tryAcquire()) {
            throw new JournalException("too many reads of the journal wait");
        }
        try (Connection connection = take()) {
            return query.run(connection);
        } catch (SQLException e) {
            String state = Optional.ofNullable(e.getSQLState()).orElse("");
            throw new JournalException(
                    state.equals(CANCELLED) ? "a read took too long" : "a read failed: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw e instanceof JournalException ? e : new JournalException("a read failed: " + e, e);
        } finally {
            readsLeft.release();
        }
    }

    private Connection take() throws SQLException {
        if (closed) {
            throw new JournalException("the journal is closed");
        }
        try {
            return readers.take();
        } catch (SQLTransientConnectionException e) {
            throw new JournalException("a read waited too long for a connection", e);
        }
    }

    private void recordLoop() {
        try {
            while (!closing.await(RECORD_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                heads.record(RECORD_EVERY.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        closing.countDown();
        readers.close();
        try {
            recorder.join(READ_WAIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            writer.close();
        } catch (SQLException e) {
            LOG.warn("close_failed resource=journal cause=\"{}\"", e.getMessage());
        }
        heads.close();
    }
}
