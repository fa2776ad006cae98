package kr.kisgateway.gateway.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * What the commands on a stopped gateway's journal need of the settings. The others are not judged: a journal must be
 * readable also when a gateway would not start.
 *
 * @param dataRoot {@code GATEWAY_DATA_DIR}: a folder of each environment's lies in it
 * @param retentionDays {@code JOURNAL_KEEP_DAYS}; empty keeps everything
 * @param problems sentences; when there are any, the rest is not to be used
 */
public record JournalSettings(Path dataRoot, OptionalInt retentionDays, List<String> problems) {
    public JournalSettings {
        problems = List.copyOf(problems);
    }
}
