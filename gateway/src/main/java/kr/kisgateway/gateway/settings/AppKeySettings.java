package kr.kisgateway.gateway.settings;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import kr.kisgateway.client.RealtimePool;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.settings.SettingForms;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code kis.app-keys} of {@code gateway.yaml}: the app keys beside the first, which is {@code KIS_APP_KEY}.
 * Problems are reported without the value, because it may be a secret.
 */
final class AppKeySettings {
    /** Id of the first app key. */
    static final String FIRST_ID = "K1";

    /** One session of the pool is of the first app key. */
    static final int FURTHER_KEYS_MAX = RealtimePool.SESSIONS_MAX - 1;

    private static final Set<String> MEMBERS = Set.of("id", "app-key", "app-secret", "account", "hts-id");
    private static final Pattern ID = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,15}");
    private static final String PATH = "gateway.yaml: kis.app-keys";

    private final List<String> problems;
    private final List<String> warnings;
    private final List<Settings.AppKey> keys = new ArrayList<>();

    AppKeySettings(List<String> problems, List<String> warnings) {
        this.problems = problems;
        this.warnings = warnings;
    }

    /** Whether {@code name} is the member of the node {@code kis} that this class reads. */
    static boolean isAppKeys(String name) {
        return name.equals("app-keys");
    }

    /** Reads the list of app keys from the node {@code kis}. */
    void take(JsonNode kis) {
        JsonNode list = kis.get("app-keys");
        if (list == null || list.isNull()) {
            return;
        }
        if (!list.isArray() || list.size() > FURTHER_KEYS_MAX) {
            problems.add(PATH + " must be a list of at most " + FURTHER_KEYS_MAX
                    + " app keys beside the first, each with id, app-key, app-secret"
                    + (list.isArray() ? "; it has " + list.size() + "." : "."));
            return;
        }
        for (int i = 0; i < list.size(); i++) {
            var entry = list.get(i);
            if (entry.isObject()) {
                keys.add(read(entry, PATH + "[" + i + "]"));
            } else {
                problems.add(PATH + "[" + i + "] must have id, app-key, app-secret.");
            }
        }
    }

    /** Whether any credentials are configured. */
    boolean hasCredentials() {
        return keys.stream().anyMatch(key -> key.appKey().isPresent());
    }

    /**
     * @param first the first app key, which may not be repeated
     * @param secrets what {@code secret:NAME} refers to
     */
    List<Settings.AppKey> read(KisEnvironment environment, Optional<Secret> first, StoredSecrets secrets) {
        keys.replaceAll(key -> resolved(key, secrets));
        var ids = new HashSet<>(Set.of(FIRST_ID));
        var usedKeys = new ArrayList<Secret>();
        first.ifPresent(usedKeys::add);
        for (var key : keys) {
            if (!ids.add(key.id())) {
                problems.add(PATH + ": the id " + key.id() + " is used twice; K1 is the first app key.");
            }
            if (key.appKey().isPresent() != key.appSecret().isPresent()) {
                problems.add(PATH + ": " + key.id() + " needs app-key and app-secret, or in sim neither.");
            } else if (key.appKey().isEmpty() && environment != KisEnvironment.SIM) {
                problems.add(PATH + ": " + key.id() + " needs app-key and app-secret.");
            }
            key.appKey().ifPresent(text -> {
                if (usedKeys.contains(text)) {
                    problems.add(PATH + ": " + key.id() + " has the app key of another; KIS allows one session each.");
                }
                usedKeys.add(text);
            });
        }
        return List.copyOf(keys);
    }

    /** Warns of login ids without effect: execution notices arrive on the app keys that trade. */
    void warnOfUnusedLogins(Set<String> trading) {
        keys.stream()
                .filter(key -> key.htsId().isPresent() && !trading.contains(key.id()))
                .forEach(key -> warnings.add(PATH + ": the hts-id of " + key.id()
                        + " has no effect: execution notices arrive on the app keys that trade, and no account of"
                        + " kis.accounts names this one."));
    }

    private Settings.AppKey read(JsonNode entry, String where) {
        YamlMembers.reportUnknown(entry, MEMBERS, where, problems);
        String id = YamlMembers.text(entry, "id").orElse("");
        if (!ID.matcher(id).matches()) {
            problems.add(where + ".id must be a letter and up to 15 letters, digits, - or _.");
        }
        return new Settings.AppKey(
                id,
                secret(entry, "app-key", 8, 64, where),
                secret(entry, "app-secret", 16, 256, where),
                YamlMembers.account(entry, "account", where, problems),
                YamlMembers.text(entry, "hts-id"));
    }

    private Optional<Secret> secret(JsonNode entry, String name, int min, int max, String where) {
        var text = YamlMembers.text(entry, name);
        text.filter(it -> !StoredSecrets.isReference(it))
                .ifPresent(secret -> requireForm(secret, min, max, where + "." + name));
        return text.map(Secret::of);
    }

    private void requireForm(String secret, int min, int max, String where) {
        if (!SettingForms.isSecret(secret, min, max)) {
            problems.add(where + " must have " + min + " to " + max + " printable ASCII characters.");
        }
    }

    private Settings.AppKey resolved(Settings.AppKey key, StoredSecrets secrets) {
        return new Settings.AppKey(
                key.id(),
                key.appKey().flatMap(text -> resolved(text, secrets, key.id() + ".app-key", 8, 64)),
                key.appSecret().flatMap(text -> resolved(text, secrets, key.id() + ".app-secret", 16, 256)),
                key.account(),
                key.htsId());
    }

    private Optional<Secret> resolved(Secret text, StoredSecrets secrets, String member, int min, int max) {
        if (!StoredSecrets.isReference(text.reveal())) {
            return Optional.of(text);
        }
        var where = PATH + ": " + member;
        var secret = secrets.resolve(text, where);
        secret.ifPresent(it -> requireForm(it.reveal(), min, max, where));
        return secret;
    }
}
