package kr.kisgateway.gateway.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.database.RowBatch;

/**
 * The journal: events in streams, each chained to the one before it by a hash, and query tables that are committed with them.
 *
 * <p>Threads: {@link #commit}, {@link #onWriter} and {@link #lastSeq} belong to one owner thread; {@link #read} may be called
 * from any thread.
 */
public interface Journal extends AutoCloseable {
    /** Reads that may wait; a further one is refused. */
    int QUEUED_READS_MAX = 256;

    /** SQL that takes part in a commit of the journal. */
    @FunctionalInterface
    interface Work {
        void run(Connection connection) throws SQLException;
    }

    /** Query tables beside the events: those of the capabilities, which this package does not depend on. */
    @FunctionalInterface
    interface Tables {
        /** Creates missing tables in the form of this release. Takes part in the transaction of the opening. */
        void create(Connection connection) throws SQLException;

        /** Names of the tables, each with a primary key. */
        default List<String> names() {
            return List.of();
        }

        /** Whether the entries about {@code subject} are of this capability. */
        default boolean owns(String subject) {
            return true;
        }

        /** Creates missing indexes over the journal's own table. Takes part in the transaction of the opening. */
        default void createIndexes(Connection connection) throws SQLException {
            // queries by subject and position have theirs
        }

        /** Migrates tables of version {@code from} to the next one. Takes part in the transaction of the migration. */
        default void migrate(Connection connection, int from) throws SQLException {
            // unchanged tables need no migration
        }

        /** Fills the empty tables of {@code fresh}, which {@link #create} created, from the events alone. */
        default Replay replay(Connection fresh) {
            return new Replay() {};
        }

        /** A query for the subjects that ended before a trading day, which is each of its parameters; empty when none do. */
        default Optional<String> endedSubjectsQuery() {
            return Optional.empty();
        }

        /** Deletes the rows of the subjects in {@code gone(subject)}. Takes part in a transaction. */
        default void deleteSubjects(Connection connection) throws SQLException {
            // tables without rows of a subject have nothing to delete
        }
    }

    /** Updates fresh tables with events, which arrive one subject after another. */
    interface Replay {
        /**
         * @param entries every entry about {@code subject}, oldest first, with good checksums
         * @throws RuntimeException when they are inconsistent; the other subjects continue
         */
        default void replaySubject(String subject, List<JournalEntry> entries) throws SQLException {
            // events without a table are not replayed
        }

        /** Called after the last subject. */
        default void finish() throws SQLException {
            // nothing was buffered
        }
    }

    /** SQL that only reads. */
    @FunctionalInterface
    interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Random id of this journal, assigned at its creation. */
    String id();

    /** Reads that wait for a reader. */
    int queuedReads();

    /** Number of this ownership: one more than that of the last owner. */
    long fence();

    /** The last position used in each stream, also of entries that are no longer retained. Owner thread. */
    default Map<String, Long> lastSeq() {
        return onWriter(connection -> JournalPosition.of(connection).streams());
    }

    /**
     * Appends {@code entries}, writes {@code rows} and runs {@code tables} in one transaction; returns when it is on disk. Owner
     * thread.
     *
     * @param rows of this journal's connection
     * @throws JournalException when it may not be durable; the journal is closed then
     */
    void commit(List<JournalEntry> entries, List<RowBatch> rows, Work tables);

    /** The same without such rows. */
    default void commit(List<JournalEntry> entries, Work tables) {
        commit(entries, List.of(), tables);
    }

    /** Reads on the owner thread's own connection, between commits; no snapshot stays open afterwards. */
    <T> T onWriter(Query<T> query);

    /**
     * Reads on a reader thread and waits for the answer. A read that takes longer than a second is aborted: it must not
     * block the reads behind it, or keep the log from being moved into the file.
     *
     * @throws JournalException when it fails, takes or waits too long, or too many reads are queued
     */
    <T> T read(Query<T> query);

    @Override
    void close();
}
