package kr.kisgateway.gateway.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.database.PostgresAddress;

/**
 * The settings of a command that runs beside a gateway; other settings are not validated.
 *
 * @param folder data folder of the configured environment, for example {@code data/sim}
 * @param faceUrl address at which the gateway of that folder speaks KIS's protocol, as far as the settings show
 * @param accounts aliases of the accounts
 * @param database {@code DATABASE_URL}, set or stored as a secret: where its API keys are, if it shares a database
 * @param backupFolder {@code BACKUP_FOLDER}, where it is set
 * @param problems sentences; if there are any, the rest must not be used
 * @param databaseProblems sentences; if there are any, {@code database} must not be used
 */
public record DataSettings(
        Path folder,
        URI faceUrl,
        Set<String> accounts,
        Optional<PostgresAddress> database,
        Optional<String> backupFolder,
        List<String> problems,
        List<String> databaseProblems) {
    public DataSettings {
        accounts = Set.copyOf(accounts);
        problems = List.copyOf(problems);
        databaseProblems = List.copyOf(databaseProblems);
    }
}
