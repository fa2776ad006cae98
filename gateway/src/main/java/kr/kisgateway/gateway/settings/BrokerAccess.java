package kr.kisgateway.gateway.settings;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.settings.BrokerSettings;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.client.settings.SettingForms;
import kr.kisgateway.client.settings.Target;
import kr.kisgateway.gateway.risk.LiveGuards;

/**
 * Reads the KIS environment, its addresses, and the app key and account. No value is assumed where real money is used.
 */
final class BrokerAccess {
    private final SettingForms forms;
    private final List<String> warnings;

    BrokerAccess(SettingForms forms, List<String> warnings) {
        this.forms = forms;
        this.warnings = warnings;
    }

    /**
     * Addresses and credentials of the broker.
     *
     * @param restUri empty for a simulator
     * @param wsUri empty for a simulator
     */
    record Broker(
            Optional<URI> rest,
            Optional<URI> ws,
            Optional<Secret> appKey,
            Optional<Secret> appSecret,
            Optional<Settings.Account> account) {}

    /** @param furtherKeys whether app keys beside the first are configured */
    KisEnvironment environment(boolean furtherKeys) {
        var broker = new BrokerSettings(forms);
        String source = forms.choice(Setting.DATA_SOURCE_TYPE, List.of("kis", "krx", "mock"))
                .orElse("");
        if (source.equals("mock") && isEnvironmentUnset()) {
            return KisEnvironment.SIM;
        }
        Target target = broker.target(furtherKeys);
        switch (source) {
            case "kis" -> {
                if (target == Target.SIM) {
                    forms.problem(
                            "DATA_SOURCE_TYPE=kis needs KIS: set KIS_ENV=mock or KIS_ENV=live with an app key. The"
                                    + " prices of KIS_ENV=sim are invented.");
                }
            }
            case "krx" ->
                forms.problem(
                        "DATA_SOURCE_TYPE=krx is refused: the exchange publishes no prices of the running day, so a"
                                + " gateway needs KIS. Past days are loaded by ./kis backfill --source krx.");
            case "mock" -> {
                if (target == Target.LIVE) {
                    forms.problem("DATA_SOURCE_TYPE=mock contradicts KIS_ENV=live: real orders would follow"
                            + " simulated prices. Remove one of them.");
                } else if (target == Target.MOCK) {
                    warnings.add(
                            "DATA_SOURCE_TYPE=mock starts the simulator in place of KIS's paper trading: prices and"
                                    + " orders are its own. Remove it for paper trading.");
                    return KisEnvironment.SIM;
                }
            }
            default -> {
                // the environment follows from KIS_ENV and the credentials
            }
        }
        return KisEnvironment.of(target);
    }

    private boolean isEnvironmentUnset() {
        return List.of(Setting.KIS_ENV, Setting.KIS_MOCK, Setting.KIS_USE_VIRTUAL_SERVER).stream()
                .allMatch(name -> forms.text(name).isEmpty());
    }

    Broker broker(KisEnvironment environment, BrokerDefaults defaults) {
        var broker = new BrokerSettings(forms);
        var key = broker.appKey(environment.target()).map(Secret::of);
        var secret = broker.appSecret(environment.target()).map(Secret::of);
        var account = broker.account(environment.target()).map(Settings.Account::of);
        return switch (environment) {
            case SIM -> new Broker(Optional.empty(), Optional.empty(), key, secret, account);
            case MOCK -> {
                if (forms.text(Setting.KIS_MOCK_APP_KEY).isPresent()
                        != forms.text(Setting.KIS_MOCK_APP_SECRET).isPresent()) {
                    forms.problem("KIS_MOCK_APP_KEY and KIS_MOCK_APP_SECRET belong together; set both or none.");
                }
                requireSettings(
                        "KIS_ENV=mock needs ",
                        ": KIS issues a separate app key and account for paper trading (모의투자). KIS_ENV=sim needs none.",
                        missing(key.isEmpty() && !broker.hasPaperKey(), "KIS_MOCK_APP_KEY"),
                        missing(secret.isEmpty() && !broker.hasPaperKey(), "KIS_MOCK_APP_SECRET"),
                        missing(account.isEmpty(), "KIS_MOCK_CANO"));
                yield new Broker(
                        restUri(Setting.KIS_API_BASE_URL_VIRTUAL, defaults.paperRest()),
                        wsUri(Setting.KIS_WS_URL_MOCK, defaults.paperWs()),
                        key,
                        secret,
                        account);
            }
            case LIVE -> {
                requireSettings(
                        "KIS_ENV=live needs ",
                        ".",
                        missing(key.isEmpty(), "KIS_APP_KEY"),
                        missing(secret.isEmpty(), "KIS_APP_SECRET"),
                        missing(account.isEmpty(), "KIS_ACCOUNT_NO"));
                yield new Broker(
                        restUri(Setting.KIS_API_BASE_URL_REAL, defaults.liveRest()),
                        wsUri(Setting.KIS_WS_URL_LIVE, defaults.liveWs()),
                        key,
                        secret,
                        account);
            }
        };
    }

    private static Optional<String> missing(boolean isMissing, String name) {
        return isMissing ? Optional.of(name) : Optional.empty();
    }

    @SafeVarargs
    private void requireSettings(String before, String after, Optional<String>... names) {
        var missing = new ArrayList<String>();
        for (var name : names) {
            name.ifPresent(missing::add);
        }
        if (!missing.isEmpty()) {
            forms.problem(before + String.join(", ", missing) + after);
        }
    }

    Optional<URI> restUri(Setting name, URI kis) {
        return forms.base(name, Set.of("https", "http"), kis.toString()).or(() -> Optional.of(kis));
    }

    private Optional<URI> wsUri(Setting name, URI kis) {
        return forms.base(name, Set.of("wss", "ws"), kis.toString()).or(() -> Optional.of(kis));
    }

    /**
     * @param numbers the configured account numbers by alias
     * @param configured aliases of all accounts
     */
    LiveGuards liveGuards(KisEnvironment environment, Map<String, Settings.Account> numbers, Set<String> configured) {
        return new LiveGuards(
                environment == KisEnvironment.LIVE,
                forms.flag(Setting.KIS_LIVE_TRADING),
                liveAccounts(numbers, configured),
                forms.flag(Setting.GATEWAY_READ_ONLY),
                forms.flag(Setting.KIS_CREDIT));
    }

    /** Aliases; the number of a configured account counts as its alias, any other number is an error. */
    private Set<String> liveAccounts(Map<String, Settings.Account> numbers, Set<String> configured) {
        var aliases = new LinkedHashSet<String>();
        for (var part : forms.text(Setting.KIS_LIVE_ACCOUNTS).orElse("").split(",")) {
            var name = part.strip();
            var number = BrokerSettings.Account.parse(name).map(Settings.Account::of);
            if (number.isPresent()) {
                var named = numbers.entrySet().stream()
                        .filter(account -> account.getValue().equals(number.get()))
                        .map(Map.Entry::getKey)
                        .findFirst();
                if (named.isPresent()) {
                    aliases.add(named.get());
                } else {
                    forms.problem(
                            "KIS_LIVE_ACCOUNTS names an account number that is not configured; use aliases, as A1.");
                }
            } else if (AccountSettings.ALIAS.matcher(name).matches()) {
                if (!configured.contains(name)) {
                    warnings.add("KIS_LIVE_ACCOUNTS names " + name + ", which is no account; there is "
                            + String.join(", ", configured) + ".");
                }
                aliases.add(name);
            } else if (!name.isEmpty()) {
                forms.problem("KIS_LIVE_ACCOUNTS must be aliases of accounts with commas between, as A1.");
            }
        }
        return aliases;
    }
}
