package kr.kisgateway.gateway.settings;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import kr.kisgateway.client.settings.BrokerSettings;
import tools.jackson.databind.JsonNode;

/** Members of the objects in the lists of {@code gateway.yaml}. Problems are reported without the value: it may be a secret. */
final class YamlMembers {
    private YamlMembers() {}

    static void reportUnknown(JsonNode entry, Set<String> members, String where, List<String> problems) {
        entry.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> !members.contains(name))
                .forEach(name -> problems.add(where + " has no member " + name + "; its members are "
                        + String.join(", ", new TreeSet<>(members)) + "."));
    }

    static Optional<String> text(JsonNode entry, String name) {
        return Optional.ofNullable(entry.get(name))
                .filter(node -> !node.isNull())
                .map(node -> node.asString("").strip())
                .filter(text -> !text.isEmpty());
    }

    static Optional<Settings.Account> account(JsonNode entry, String name, String where, List<String> problems) {
        return text(entry, name).flatMap(text -> {
            var account = BrokerSettings.Account.parse(text).map(Settings.Account::of);
            if (account.isEmpty()) {
                problems.add(where + "." + name + " must be eight digits, a hyphen and two digits, in quotes.");
            }
            return account;
        });
    }
}
