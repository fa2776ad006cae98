package kr.kisgateway.gateway.settings;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.settings.Origin;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.client.settings.SettingValues;
import kr.kisgateway.gateway.secret.MasterKeys;
import kr.kisgateway.gateway.secret.SecretException;
import kr.kisgateway.gateway.secret.SecretFile;
import kr.kisgateway.gateway.secret.StoredSecret;

/**
 * The secrets of {@code secrets.json} as a source of settings: stronger than {@code gateway.yaml}, weaker than {@code .env}. A text
 * {@code secret:NAME} in {@code gateway.yaml} refers to one.
 */
final class StoredSecrets {
    private static final String REFERENCE = "secret:";

    private final List<String> problems;
    private Map<String, StoredSecret> byName = Map.of();

    StoredSecrets(List<String> problems) {
        this.problems = problems;
    }

    /** Whether a secret of this name can be stored as the value of a setting. */
    static boolean isStorable(Setting setting) {
        return setting.form().isSecret() && setting != Setting.MASTER_KEY && setting != Setting.MASTER_KEY_PIN;
    }

    /** Reads the secrets of {@code folder}, where it has any, and adds those that are settings to {@code values}. */
    void gather(Path folder, MasterKeys keys, SettingValues values, List<String> warnings) {
        try {
            keys.check();
            if (!SecretFile.existsIn(folder)) {
                return;
            }
            byName = SecretFile.read(folder, keys.read()).all();
        } catch (SecretException e) {
            problems.add(String.valueOf(e.getMessage()));
            return;
        }
        Arrays.stream(Setting.values())
                .filter(StoredSecrets::isStorable)
                .forEach(setting -> Optional.ofNullable(byName.get(setting.name()))
                        .ifPresent(secret -> take(setting, secret, values, warnings)));
    }

    private static void take(Setting setting, StoredSecret secret, SettingValues values, List<String> warnings) {
        var other = values.explicit(setting).filter(it -> !it.text().isBlank());
        boolean stronger =
                other.filter(it -> it.origin().compareTo(Origin.SECRETS) > 0).isPresent();
        if (other.filter(it -> it.origin() == Origin.DOT_ENV || it.origin() == Origin.FILE)
                .isPresent()) {
            warnings.add(setting + " is stored by ./kis secrets and is in clear in "
                    + other.orElseThrow().origin().label() + (stronger ? ", which applies" : ", which does not apply")
                    + "; remove it there.");
        }
        if (!stronger) {
            values.put(setting, secret.value().reveal(), Origin.SECRETS);
        }
    }

    Map<String, StoredSecret> byName() {
        return byName;
    }

    /** Whether a text of {@code gateway.yaml} refers to a stored secret. */
    static boolean isReference(String text) {
        return text.startsWith(REFERENCE);
    }

    /** The stored secret that {@code reference} refers to; empty, with a problem, when there is none. */
    Optional<Secret> resolve(Secret reference, String where) {
        var name = reference.reveal().substring(REFERENCE.length());
        var stored = Optional.ofNullable(byName.get(name)).map(StoredSecret::value);
        if (stored.isEmpty()) {
            problems.add(where + " refers to a secret that is not stored: ./kis secrets set NAME stores one, and"
                    + " ./kis secrets list names those that are.");
        }
        return stored;
    }
}
