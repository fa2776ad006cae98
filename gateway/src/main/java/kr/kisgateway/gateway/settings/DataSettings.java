package kr.kisgateway.gateway.settings;

import java.nio.file.Path;
import java.util.List;

/**
 * What a command that works beside a gateway needs of the settings; the others are not judged.
 *
 * @param folder of the environment that is set, for example {@code data/sim}
 * @param problems sentences; when there are any, the rest is not to be used
 */
public record DataSettings(Path folder, List<String> problems) {
    public DataSettings {
        problems = List.copyOf(problems);
    }
}
