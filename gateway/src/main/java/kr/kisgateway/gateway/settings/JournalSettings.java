package kr.kisgateway.gateway.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * The settings of the commands on a stopped gateway's journal. Other settings are not validated: a journal must be
 * readable even when a gateway would not start.
 *
 * @param dataRoot {@code GATEWAY_DATA_DIR}: contains one folder per environment
 * @param retentionDays {@code JOURNAL_KEEP_DAYS}; empty retains everything
 * @param problems sentences; if there are any, the rest must not be used
 */
public record JournalSettings(Path dataRoot, OptionalInt retentionDays, List<String> problems) {
    public JournalSettings {
        problems = List.copyOf(problems);
    }
}
