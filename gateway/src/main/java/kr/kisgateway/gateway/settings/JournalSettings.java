package kr.kisgateway.gateway.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.gateway.database.PostgresAddress;

/**
 * The settings of the commands on a stopped gateway's journal. Other settings are not validated: a journal must be
 * readable even when a gateway would not start.
 *
 * @param dataRoot {@code GATEWAY_DATA_DIR}: contains one folder per environment
 * @param retentionDays {@code JOURNAL_KEEP_DAYS}; empty retains everything
 * @param database {@code DATABASE_URL}
 * @param problems sentences; if there are any, the rest must not be used
 * @param databaseProblems sentences; if there are any, {@code database} must not be used
 */
public record JournalSettings(
        Path dataRoot,
        OptionalInt retentionDays,
        Optional<PostgresAddress> database,
        List<String> problems,
        List<String> databaseProblems) {
    public JournalSettings {
        problems = List.copyOf(problems);
        databaseProblems = List.copyOf(databaseProblems);
    }
}
