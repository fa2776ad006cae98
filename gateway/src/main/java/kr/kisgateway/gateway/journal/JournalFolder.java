package kr.kisgateway.gateway.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.lease.Lease;
import kr.kisgateway.gateway.lease.LeaseLostException;
import kr.kisgateway.gateway.lease.LeaseStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks that the journal of a data folder is the one last used there, and lets an operator accept or create another. */
public final class JournalFolder {
    private static final int MAX_NAMES = 12;
    private static final Logger LOG = LoggerFactory.getLogger("gateway.journal");

    private JournalFolder() {}

    /**
     * Checks before a start that the journal exists when the folder shows that there was one. A folder without traces of a
     * gateway is marked as getting its first journal now.
     *
     * @param unrelated names of files that may exist before a gateway ever ran
     * @throws JournalException naming the files found and what to do, when the journal is missing, empty or older
     */
    public static void require(Path file, Predicate<String> unrelated) {
        Optional<JournalPosition> recorded = JournalPosition.read(JournalPosition.fileBeside(file));
        if (recorded.isPresent()) {
            requireSame(file, recorded.get());
        } else if (isFirst(file, unrelated)) {
            JournalPosition.none().write(JournalPosition.fileBeside(file));
        }
    }

    /**
     * Whether the folder has no journal, and expects none.
     *
     * @throws JournalException when other files show that there was one
     */
    static boolean isFirst(Path file, Predicate<String> unrelated) {
        if (!isEmpty(file)) {
            return false;
        }
        List<String> others = others(file, unrelated);
        if (!others.isEmpty()) {
            throw new JournalException(missing(file, others));
        }
        return true;
    }

    /** Checks by the sizes of the files alone, without cost or changes; {@link Journal} checks the rest. */
    static void requireSame(Path file, JournalPosition recorded) {
        if (recorded.journal().isPresent() && isEmpty(file)) {
            throw new JournalException(missing(file, others(file, _ -> false)));
        }
    }

    /** @throws JournalException when the journal that {@code connection} reads ends before the recorded position */
    static void requireUpToDate(Path file, Connection connection, JournalPosition recorded) throws SQLException {
        requireComplete(file, missing(file, recorded, JournalPosition.of(connection)));
    }

    /** The same by the recorded position alone: a running gateway records each commit elsewhere, before others can read it. */
    static void requireRecorded(Path file, Connection connection, JournalPosition recorded) throws SQLException {
        requireComplete(file, recorded.missingIn(JournalPosition.of(connection)));
    }

    private static void requireComplete(Path file, Optional<String> missing) {
        if (missing.isPresent()) {
            throw new JournalException("The journal " + file + " is older than the files beside it: " + missing.get()
                    + ". With it the gateway would lose orders, the kill switch, limits and used idempotency keys since,"
                    + " and could place an order twice. Put the newest journal.db (with its -wal) back, or, to continue with"
                    + " this one, run ./kis journal init " + options(file)
                    + System.lineSeparator()
                    + "저널이 다른 파일보다 오래되었습니다. 최신 journal.db를 복원하거나 ./kis journal init 으로 현재 저널을 그대로"
                    + " 사용하도록 지정하십시오.");
        }
    }

    /** What the journal {@code file} at {@code found} lacks of what the files beside it record, as a sentence. */
    private static Optional<String> missing(Path file, JournalPosition recorded, JournalPosition found) {
        return recorded.missingIn(found)
                .or(() -> JournalTail.missingIn(found, JournalTail.fileBeside(file))
                        .map(missing ->
                                missing + ": its log (-wal) was truncated or removed, or the disk lost writes"));
    }

    /** @throws JournalException when no position was recorded although the journal of {@code connection} contains that it was */
    static void requireNeverRecorded(Path file, Connection connection) throws SQLException {
        if (Schema.header(connection, JournalPosition.RECORDED).isPresent()) {
            Path record = JournalPosition.fileBeside(file);
            throw unverifiable(record, "The record " + record + " is missing");
        }
    }

    static JournalException unverifiable(Path record, String finding) {
        return new JournalException(finding
                + ", so whether journal.db is the newest is unknown. With an older one the"
                + " gateway would lose orders, the kill switch, limits and used idempotency keys, and could place an order"
                + " twice. Put " + record.getFileName() + " back from a backup of the same time, or, to continue with"
                + " the present journal.db, run ./kis journal init " + options(record)
                + System.lineSeparator()
                + "journal.db가 최신인지 확인할 기록이 없거나 손상되었습니다. 같은 시점의 백업에서 복원하거나 ./kis journal init 으로 현재"
                + " 저널을 그대로 사용하도록 지정하십시오.");
    }

    /** @throws JournalException when the journal that {@code connection} reads is not the newest that was used in the folder */
    static void requireNewest(Path file, Connection connection) throws SQLException {
        Optional<JournalPosition> recorded = JournalPosition.read(JournalPosition.fileBeside(file));
        if (recorded.isPresent()) {
            requireUpToDate(file, connection, recorded.get());
        } else {
            requireNeverRecorded(file, connection);
        }
    }

    private static String missing(Path file, List<String> others) {
        return JournalMigration.movedFile(file).map(moved -> moved(file, moved)).orElseGet(() -> lost(file, others));
    }

    private static String moved(Path file, Path moved) {
        return "The journal " + file + " was moved to " + JournalMigration.place(moved)
                + " by ./kis journal migrate, and the"
                + " file renamed to " + moved.getFileName()
                + ": set DATABASE_URL, with which the gateway continues there. Without it the gateway would lose open orders,"
                + " the kill switch, limits and used idempotency keys, and could place an order twice."
                + System.lineSeparator()
                + "저널은 PostgreSQL 데이터베이스로 옮겨졌습니다. DATABASE_URL 을 설정한 뒤 시작하십시오.";
    }

    private static String lost(Path file, List<String> others) {
        return "There is " + (Files.exists(file) ? "only an empty journal " : "no journal ") + file
                + ", but other files of a gateway that ran here: " + joinNames(others)
                + ". With a new journal it would lose open orders, the kill switch, limits and used idempotency keys, and"
                + " could place an order twice. Restore journal.db from a backup, or, to start with an empty one, run"
                + " ./kis journal init " + options(file)
                + System.lineSeparator()
                + "다른 파일은 있으나 저널이 없거나 비어 있습니다. 백업에서 journal.db를 복원하거나 ./kis journal init 으로 새 저널을"
                + " 만드십시오.";
    }

    private static String options(Path file) {
        Path folder = file.toAbsolutePath().resolveSibling("");
        return "--data-dir=" + folder.resolveSibling("") + " --env=" + folder.getFileName();
    }

    private static String joinNames(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(MAX_NAMES, names.size())))
                + (names.size() > MAX_NAMES ? " and " + (names.size() - MAX_NAMES) + " more" : "");
    }

    private static boolean isEmpty(Path file) {
        try {
            return !Files.isRegularFile(file) || Files.size(file) == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> others(Path file, Predicate<String> unrelated) {
        try (var files = Files.list(file.toAbsolutePath().resolveSibling(""))) {
            return files.filter(other -> !other.equals(file.toAbsolutePath()))
                    .map(other -> other.getFileName().toString())
                    .filter(name -> !name.startsWith(".") && !name.equals("lost+found"))
                    .filter(unrelated.negate())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The result of {@link #init}. */
    public sealed interface Init {
        /** The journal has reached the recorded position; nothing was changed. */
        record InOrder() implements Init {}

        /** An older journal is used from now on; {@code missing} describes what it lacks. */
        record Accepted(String missing) implements Init {}

        /** An empty journal was created; the files in its place were moved to {@code setAside}. */
        record Created(List<Path> setAside) implements Init {}
    }

    /**
     * Makes the folder startable: accepts the existing journal, however old, or creates an empty one. Deletes nothing.
     * The caller owns the lock of the folder.
     */
    public static Init init(Path file, String environment, Journal.Tables tables, InstantSource clock) {
        if (!isEmpty(file) && isJournal(file)) {
            try (Connection connection = SqliteJournal.connect(file)) {
                String owner = Schema.header(connection, "environment").orElse(environment);
                if (!owner.equals(environment)) {
                    throw new JournalException("The journal " + file + " belongs to environment '" + owner + "', not '"
                            + environment + "'; nothing was changed.");
                }
                return takeOver(connection, file, clock);
            } catch (SQLException e) {
                throw new JournalException("the journal " + file + " cannot be read: " + e.getMessage(), e);
            }
        }
        return create(file, environment, tables, clock);
    }

    /** Whether it can be read as a journal; a file that is no database, or another one, is not. */
    private static boolean isJournal(Path file) {
        try (Connection connection = SqliteJournal.connect(file)) {
            return Schema.header(connection, "journal_id").isPresent();
        } catch (SQLException e) {
            LOG.warn("journal_unreadable file={} cause=\"{}\"", file, e.getMessage());
            return false;
        }
    }

    /**
     * The same for the journal in PostgreSQL: accepts it, however far it is behind what was recorded in this folder, or creates an empty
     * one where there is none.
     *
     * @param lease of the database, which this process holds
     * @param file name of the journal in the folder, where there is no such file
     */
    public static Init init(
            Postgres postgres, Lease lease, Path file, String environment, Journal.Tables tables, InstantSource clock) {
        try (Connection connection = postgres.connect()) {
            connection.setAutoCommit(false);
            LeaseStore.requireHeld(connection, lease);
            if (Schema.requireUsable(connection) != 0) {
                Schema.requireEnvironment(connection, environment);
                Optional<JournalRefusal> refusal = JournalRefusal.standing(connection);
                if (refusal.isPresent()) {
                    return takeOver(connection, file, refusal.get(), clock);
                }
                return Files.exists(JournalPosition.fileBeside(file))
                        ? takeOver(connection, file, clock)
                        : new Init.InOrder(); // another folder's gateway may have recorded it
            }
            connection.rollback();
            JournalPosition.none().write(JournalPosition.fileBeside(file));
            JournalTail.delete(JournalTail.fileBeside(file));
            PostgresJournal.open(postgres, lease, file, environment, tables, JournalWitness.none())
                    .close();
            return new Init.Created(List.of());
        } catch (SQLException | LeaseLostException e) {
            throw new JournalException(
                    "the journal in " + postgres.address() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Init takeOver(Connection connection, Path file, InstantSource clock) throws SQLException {
        Path positionFile = JournalPosition.fileBeside(file);
        JournalPosition found = JournalPosition.of(connection);
        if (JournalPosition.isDamaged(positionFile)
                || !Files.exists(positionFile)
                        && Schema.header(connection, JournalPosition.RECORDED).isPresent()) {
            accept(connection, file, found, clock);
            return new Init.Accepted("its earlier position is unknown");
        }
        Optional<JournalPosition> recorded = JournalPosition.read(positionFile);
        if (recorded.isEmpty()) {
            return new Init.InOrder(); // the next start records its position
        }
        Optional<String> missing = missing(file, recorded.get(), found);
        if (missing.isEmpty()) {
            return new Init.InOrder();
        }
        return giveUp(connection, file, recorded.get().fence(), missing.get(), clock);
    }

    /** Accepts what a gateway refused, in whichever folder. */
    private static Init takeOver(Connection connection, Path file, JournalRefusal refusal, InstantSource clock)
            throws SQLException {
        Path positionFile = JournalPosition.fileBeside(file);
        long recorded = JournalPosition.isDamaged(positionFile)
                ? 0
                : JournalPosition.read(positionFile).map(JournalPosition::fence).orElse(0L);
        return giveUp(connection, file, Math.max(recorded, refusal.fence()), refusal.missing(), clock);
    }

    /** Accepts the journal without {@code missing}, of owners up to {@code recorded}. */
    private static Init giveUp(Connection connection, Path file, long recorded, String missing, InstantSource clock)
            throws SQLException {
        JournalPosition found = JournalPosition.of(connection);
        // Owners after this one must have numbers that no owner had before.
        long fence = Math.max(found.fence(), recorded);
        Schema.setHeader(connection, "fence", Long.toString(fence));
        accept(connection, file, new JournalPosition(found.journal(), fence, found.streams()), clock);
        return new Init.Accepted(missing);
    }

    private static void accept(Connection connection, Path file, JournalPosition position, InstantSource clock)
            throws SQLException {
        JournalAcceptance.record(
                connection, new JournalAcceptance(clock.instant(), position.streams()), position.fence());
        if (!connection.getAutoCommit()) {
            connection.commit(); // before the files: they must not fit a journal that did not record why
        }
        position.write(JournalPosition.fileBeside(file));
        JournalTail.delete(JournalTail.fileBeside(file));
    }

    private static Init create(Path file, String environment, Journal.Tables tables, InstantSource clock) {
        Optional<Path> movedFile = isEmpty(file) ? JournalMigration.movedFile(file) : Optional.empty();
        if (movedFile.isPresent()) {
            throw new JournalException(moved(file, movedFile.get()));
        }
        List<Path> aside = DatabaseQuarantine.quarantine(file, "replaced", clock);
        JournalPosition.none().write(JournalPosition.fileBeside(file));
        SqliteJournal.open(file, environment, tables, clock).close();
        return new Init.Created(aside);
    }
}
