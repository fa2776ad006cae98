package kr.kisgateway.gateway.settings;

import java.nio.file.Path;
import java.util.List;

/**
 * The settings of a command that runs beside a gateway; other settings are not validated.
 *
 * @param folder data folder of the configured environment, for example {@code data/sim}
 * @param problems sentences; if there are any, the rest must not be used
 */
public record DataSettings(Path folder, List<String> problems) {
    public DataSettings {
        problems = List.copyOf(problems);
    }
}
