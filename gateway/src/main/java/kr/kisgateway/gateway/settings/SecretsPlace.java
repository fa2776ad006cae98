package kr.kisgateway.gateway.settings;

import java.nio.file.Path;
import java.util.List;
import kr.kisgateway.gateway.secret.MasterKeys;

/**
 * Where secrets are stored.
 *
 * @param folder of {@code secrets.json}
 * @param masterKeys opens the master key
 * @param problems sentences about settings that cannot be read; nothing is changed then
 */
public record SecretsPlace(Path folder, MasterKeys masterKeys, List<String> problems) {
    public SecretsPlace {
        problems = List.copyOf(problems);
    }
}
