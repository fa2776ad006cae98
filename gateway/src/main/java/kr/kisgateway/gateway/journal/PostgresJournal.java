package kr.kisgateway.gateway.journal;

import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.database.RowBatch;
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

    /** Its parameters are the lease, the epoch, and an array for each column. Without the lease it inserts nothing. */
    private static final String INSERT = "WITH held AS MATERIALIZED (" + LeaseStore.HELD + ")"
            + " INSERT INTO journal(" + JournalRows.STORED_COLUMNS + ")"
            + " SELECT e.* FROM held, unnest(?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::bigint[],"
            + " ?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::bytea[]) AS e";

    private final JournalHeads heads;
    private final Lease lease;
    private final Connection writer;
    private final PreparedStatement insert;
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

    private PostgresJournal(
            Postgres postgres, Lease lease, Path file, String environment, Tables tables, JournalWitness witness)
            throws SQLException {
        this.lease = lease;
        Optional<JournalPosition> recorded = JournalPosition.read(JournalPosition.fileBeside(file));
        this.writer = postgres.connect();
        try {
            writer.setAutoCommit(false);
            this.insert = writer.prepareStatement(INSERT);
            LeaseStore.requireHeldAlone(writer, lease);
            Schema.create(writer, environment, tables);
            if (recorded.isPresent()) {
                requireUpToDate(postgres, recorded.get(), JournalTail.fileBeside(file));
            }
            this.id = Schema.header(writer, Schema.ID).orElseThrow();
            this.fence = 1 + Schema.header(writer, "fence").map(Long::parseLong).orElse(0L);
            Schema.setHeader(writer, "fence", Long.toString(fence));
            writer.commit();
            this.heads = new JournalHeads(writer, id, fence, file, witness);
            writer.commit();
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
        if (missing.isPresent()) {
            throw new JournalException("The journal in " + postgres.address()
                    + " is older than what this gateway recorded of it: " + missing.get()
                    + ". With it the gateway would lose orders, the kill switch, limits and used idempotency keys since, and"
                    + " could place an order twice. Let the server with the newest transactions take writes again, or, to continue"
                    + " with this one, run ./kis journal init"
                    + System.lineSeparator()
                    + "데이터베이스의 저널이 이 게이트웨이의 기록보다 오래되었습니다. 최신 서버로 되돌리거나 ./kis journal init 으로 현재 저널을"
                    + " 그대로 사용하도록 지정하십시오.");
        }
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
    public void commit(List<JournalEntry> entries, Work tables) {
        if (closed) {
            throw new JournalException("the journal is closed");
        }
        try {
            JournalHeads.Append append = heads.append(entries);
            if (entries.isEmpty()) {
                LeaseStore.requireHeld(writer, lease);
            } else {
                insert(append.events());
                recordPositions(append.last());
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

    private void insert(List<JournalHeads.Chained> events) throws SQLException {
        int size = events.size();
        var streams = new String[size];
        var seqs = new Long[size];
        var times = new Long[size];
        var days = new String[size];
        var types = new String[size];
        var versions = new Long[size];
        var fences = new Long[size];
        var subjects = new String[size];
        var payloads = new String[size];
        var crcs = new Long[size];
        var hashes = new byte[size][];
        for (int i = 0; i < size; i++) {
            JournalEntry entry = events.get(i).entry();
            streams[i] = entry.stream();
            seqs[i] = entry.seq();
            times[i] = ChronoUnit.MICROS.between(Instant.EPOCH, entry.at());
            days[i] = entry.tradingDay().toString();
            types[i] = entry.type();
            versions[i] = (long) entry.version();
            fences[i] = entry.fence();
            subjects[i] = entry.subject();
            payloads[i] = entry.payload();
            crcs[i] = JournalRows.crc(entry);
            hashes[i] = events.get(i).hash();
        }
        insert.setString(1, lease.name());
        insert.setLong(2, lease.epoch());
        int column = 3;
        for (Object[] values :
                new Object[][] {streams, seqs, times, days, types, versions, fences, subjects, payloads, crcs}) {
            insert.setArray(column++, array(values));
        }
        insert.setArray(column, writer.createArrayOf("bytea", hashes));
        int inserted = insert.executeUpdate();
        if (inserted != size) {
            lease.lose();
            throw new LeaseLostException(lease);
        }
    }

    private Array array(Object[] values) throws SQLException {
        return writer.createArrayOf(values instanceof Long[] ? "bigint" : "text", values);
    }

    private void recordPositions(Map<String, ChainHead> last) throws SQLException {
        last.forEach((stream, head) -> positions.add(stream, head.seq()));
        positions.execute();
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
