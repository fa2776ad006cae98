package kr.kisgateway.gateway.settings;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import kr.kisgateway.gateway.account.Accounts;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code kis.accounts} of {@code gateway.yaml}: the accounts beside the first, which {@code KIS_ACCOUNT_NO} names. Problems are
 * reported without the number.
 */
final class AccountSettings {
    /** Accounts beside the first. */
    static final int FURTHER_ACCOUNTS_MAX = 19;

    static final Pattern ALIAS = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,31}");

    /** Names of the journal's other histories. */
    private static final Set<String> RESERVED = Set.of("gateway", "parents");

    private static final Set<String> MEMBERS = Set.of("alias", "number", "app-key");
    private static final String PATH = "gateway.yaml: kis.accounts";

    private final List<String> problems;
    private final List<Settings.FurtherAccount> accounts = new ArrayList<>();

    AccountSettings(List<String> problems) {
        this.problems = problems;
    }

    /** Whether {@code name} is the member of the node {@code kis} that this class reads. */
    static boolean isAccounts(String name) {
        return name.equals("accounts");
    }

    /** Reads the list of accounts from the node {@code kis}. */
    void take(JsonNode kis) {
        JsonNode list = kis.get("accounts");
        if (list == null || list.isNull()) {
            return;
        }
        if (!list.isArray() || list.size() > FURTHER_ACCOUNTS_MAX) {
            problems.add(PATH + " must be a list of at most " + FURTHER_ACCOUNTS_MAX
                    + " accounts, each with alias, number, and app-key unless " + AppKeySettings.FIRST_ID
                    + " trades it.");
            return;
        }
        for (int i = 0; i < list.size(); i++) {
            var entry = list.get(i);
            if (entry.isObject()) {
                accounts.add(read(entry, PATH + "[" + i + "]"));
            } else {
                problems.add(PATH + "[" + i + "] must have alias and number.");
            }
        }
    }

    private Settings.FurtherAccount read(JsonNode entry, String where) {
        YamlMembers.reportUnknown(entry, MEMBERS, where, problems);
        String alias = YamlMembers.text(entry, "alias").orElse("");
        if (!ALIAS.matcher(alias).matches()) {
            problems.add(where + ".alias must be a letter and up to 31 letters, digits, - or _.");
        }
        if (RESERVED.contains(alias)) {
            problems.add(where + ".alias " + alias + " is reserved: the journal has other events under this name.");
        }
        return new Settings.FurtherAccount(
                alias,
                YamlMembers.account(entry, "number", where, problems),
                YamlMembers.text(entry, "app-key").orElse(AppKeySettings.FIRST_ID));
    }

    /** The aliases of all accounts, the first one's first. */
    Set<String> aliases() {
        var aliases = new LinkedHashSet<>(Set.of(Accounts.FIRST_ALIAS));
        accounts.forEach(account -> aliases.add(account.alias()));
        return aliases;
    }

    /**
     * @param first the account of {@code KIS_ACCOUNT_NO}
     * @param appKeys ids of the app keys beside the first
     */
    List<Settings.FurtherAccount> read(
            KisEnvironment environment, Optional<Settings.Account> first, Set<String> appKeys) {
        var aliases = new HashSet<>(Set.of(Accounts.FIRST_ALIAS));
        var numbers = new HashSet<Settings.Account>();
        first.ifPresent(numbers::add);
        for (var account : accounts) {
            String alias = account.alias();
            if (!aliases.add(alias)) {
                problems.add(PATH + ": the alias " + alias + " is used twice; " + Accounts.FIRST_ALIAS
                        + " is the account of KIS_ACCOUNT_NO.");
            }
            if (account.number().isEmpty() && environment != KisEnvironment.SIM) {
                problems.add(PATH + ": " + alias + " needs number.");
            }
            account.number()
                    .filter(number -> !numbers.add(number))
                    .ifPresent(_ -> problems.add(PATH + ": " + alias + " has the number of another account."));
            if (!account.appKey().equals(AppKeySettings.FIRST_ID) && !appKeys.contains(account.appKey())) {
                problems.add(PATH + ": " + alias + " names an app key that kis.app-keys does not have.");
            }
        }
        return List.copyOf(accounts);
    }
}
