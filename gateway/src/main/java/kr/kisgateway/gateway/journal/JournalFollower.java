package kr.kisgateway.gateway.journal;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.task.TaskRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records in the folder of a gateway that waits how far the journal of the owner is. When the server has failed over to a replica
 * without its last transactions, this gateway refuses the journal that lacks them, although it never wrote one itself.
 *
 * <p>What was committed less than {@value #PAUSE_MILLIS} ms before the server was lost may be missing here. A record never goes back:
 * that is {@link JournalFolder#init a person's decision}.
 */
public final class JournalFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.cluster");
    private static final int PAUSE_MILLIS = 500;
    private static final Duration PAUSE = Duration.ofMillis(PAUSE_MILLIS);
    private static final Duration READ_LIMIT = Duration.ofSeconds(1);
    private static final Duration WAIT_LIMIT = Duration.ofSeconds(2);

    private final Postgres.Readers readers;
    private final Path positionFile;
    /** Of this gateway's own last ownership, if that did not end regularly. */
    private final Path tailFile;

    private final TaskRunner.Task task;
    /** Empty before the first reading. Used by the task's thread, as is {@code problem}. */
    private Optional<JournalPosition> recorded = Optional.empty();

    private String problem = "";
    private volatile boolean closing;

    /** @param file name of the journal in this folder, where there is no such file */
    public JournalFollower(Postgres postgres, Path file, TaskRunner tasks) {
        this.readers = postgres.readers(1, WAIT_LIMIT, READ_LIMIT);
        this.positionFile = JournalPosition.fileBeside(file);
        this.tailFile = JournalTail.fileBeside(file);
        this.task = tasks.repeat("journal-follower", this::follow);
    }

    private Duration follow() {
        String now = "";
        try (Connection connection = readers.take()) {
            if (Schema.requireReadable(connection) != 0) { // there is one, and it is no unfinished copy
                now = record(JournalPosition.of(connection), connection);
            }
        } catch (SQLException | UncheckedIOException | JournalException e) {
            now = String.valueOf(e.getMessage());
        }
        if (!now.equals(problem) && !now.isEmpty()) {
            LOG.warn("journal_not_followed cause=\"{}\"", now);
        } else if (!now.equals(problem)) {
            LOG.info("journal_followed_again");
        }
        problem = now;
        return PAUSE;
    }

    /** Returns why {@code found} was not recorded; empty when it is. */
    private String record(JournalPosition found, Connection connection) throws SQLException {
        if (recorded.isEmpty()) {
            recorded = JournalPosition.read(positionFile);
        }
        Optional<String> missing =
                recorded.flatMap(it -> it.missingIn(found).or(() -> JournalTail.missingIn(found, tailFile)));
        if (missing.isPresent() && !JournalAcceptance.gaveUp(recorded.get(), connection)) {
            return "the journal is older than what this gateway recorded of it: " + missing.get();
        }
        if (!closing && !recorded.equals(Optional.of(found))) {
            if (missing.isPresent()) {
                JournalTail.delete(tailFile); // of commits that were given up
            }
            found.write(positionFile);
            recorded = Optional.of(found);
        }
        return "";
    }

    /** Returns when the last record is written. */
    @Override
    public void close() {
        closing = true;
        task.close();
        if (!task.awaitEnd(Postgres.ANSWER_LIMIT)) {
            LOG.warn("close_failed resource=journal-follower cause=\"its last reading has not ended\"");
        }
        readers.close();
    }
}
