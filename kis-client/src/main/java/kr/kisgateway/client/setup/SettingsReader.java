package kr.kisgateway.client.setup;

import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.LimitTable;
import kr.kisgateway.client.Limits;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.settings.BrokerSettings;
import kr.kisgateway.client.settings.CallSettings;
import kr.kisgateway.client.settings.Origin;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.client.settings.SettingForms;
import kr.kisgateway.client.settings.SettingValues;
import kr.kisgateway.client.settings.Target;

/**
 * Reads the settings of a client from variables, by the gateway's table and rules. Half of a pair of
 * credentials counts as a mistake and not as none.
 */
final class SettingsReader {
    private static final int TOKEN_KEY_MIN = 16;
    private static final int TOKEN_KEY_MAX = 1_000;

    private final Map<String, String> variables;
    private final List<String> problems = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final SettingForms forms;
    private final BrokerSettings broker;

    SettingsReader(Map<String, String> variables) {
        this.variables = variables;
        this.forms = new SettingForms(SettingValues.of(variables, Origin.ENVIRONMENT), Target.SIM, problems);
        this.broker = new BrokerSettings(forms);
    }

    KisReply<KisSettings> read(LocalDate day, boolean hasSimulator) {
        Target target = broker.target(false);
        SettingForms forms = this.forms.in(target);
        String prefix = target == Target.MOCK && broker.hasPaperKey() ? "KIS_MOCK_" : "KIS_";
        Optional<String> key = broker.appKey(target);
        Optional<String> secret = broker.appSecret(target);
        Optional<AccountNumber> account = broker.account(target).map(it -> new AccountNumber(it.cano(), it.product()));
        Optional<URI> rest = restBase(target);
        boolean named = broker.hasCredentials();
        if (target == Target.LIVE || target == Target.MOCK && (named || rest.isPresent())) {
            require(prefix + "APP_KEY", key);
            require(prefix + "APP_SECRET", secret);
            require("KIS_ACCOUNT_NO", account);
        } else if (rest.isEmpty() && !hasSimulator) {
            missing.add(
                    named
                            ? "KIS_ENV=sim needs a simulator, and there is none on the class path or module path."
                            : "There are no credentials, and there is no simulator on the class path or module path.");
        } else if (target == Target.MOCK && rest.isEmpty()) {
            warnings.add("There are no credentials for KIS paper trading; a simulator with its limits is used.");
        }
        warnOfUnknownNames();
        Environment environment = target == Target.MOCK ? Environment.PAPER_FACE : Environment.LIVE_FACE;
        var settings = new KisSettings(
                target,
                key.map(Secret::of),
                secret.map(Secret::of),
                account,
                forms.text(Setting.KIS_HTS_ID),
                rest,
                wsBase(target, rest),
                limits(forms, LimitTable.load().on(environment, day)),
                CallSettings.read(forms),
                forms.secret(Setting.KIS_TOKEN_KEY, TOKEN_KEY_MIN, TOKEN_KEY_MAX)
                        .map(Secret::of),
                forms.text(Setting.KIS_TOKEN_DIR),
                forms.effective(Setting.GATEWAY_CONFIG_DIR).orElseThrow(),
                warnings);
        return toReply(settings);
    }

    private KisReply<KisSettings> toReply(KisSettings settings) {
        if (!problems.isEmpty()) {
            return failed(
                    KisFailure.Kind.INVALID_SETTINGS,
                    problems,
                    "correct them in the environment or in .env; nothing was opened");
        }
        if (!missing.isEmpty()) {
            return failed(
                    KisFailure.Kind.CREDENTIALS_MISSING,
                    missing,
                    "set KIS_ENV=live or mock with KIS_APP_KEY, KIS_APP_SECRET and KIS_ACCOUNT_NO in the environment or in"
                            + " .env, or set none of them and add the kis-simulator artifact for invented prices");
        }
        return new KisReply.Ok<>(settings);
    }

    private static KisReply<KisSettings> failed(KisFailure.Kind kind, List<String> sentences, String remedy) {
        String all = String.join(" ", sentences);
        return new KisReply.Failed<>(KisFailure.of(kind, all.substring(0, all.length() - 1), remedy, false));
    }

    private void require(String name, Optional<?> value) {
        // A wrong value has its own sentence.
        if (value.isEmpty() && Setting.of(name).flatMap(forms::text).isEmpty()) {
            missing.add(name + " is not set.");
        }
    }

    private Optional<URI> restBase(Target target) {
        return switch (target) {
            case SIM -> forms.base(Setting.SIMULATOR_URL, Set.of("http"), "http://127.0.0.1:8892");
            case MOCK -> forms.base(Setting.KIS_API_BASE_URL_VIRTUAL, Set.of("http", "https"), "https://host:29443");
            case LIVE -> forms.base(Setting.KIS_API_BASE_URL_REAL, Set.of("http", "https"), "https://host:9443");
        };
    }

    private Optional<URI> wsBase(Target target, Optional<URI> rest) {
        return switch (target) {
            case SIM -> rest.map(uri -> URI.create("ws://" + uri.getAuthority()));
            case MOCK -> forms.base(Setting.KIS_WS_URL_MOCK, Set.of("ws", "wss"), "ws://host:31000");
            case LIVE -> forms.base(Setting.KIS_WS_URL_LIVE, Set.of("ws", "wss"), "ws://host:21000");
        };
    }

    private Limits limits(SettingForms forms, Limits dated) {
        int rate = CallSettings.rate(forms, dated.callsPerSecond(), warnings);
        return new Limits(
                rate,
                Math.min(rate, dated.ledgerPerSecond()),
                dated.registrations(),
                dated.waitingMax(),
                dated.connectsPerMinute(),
                dated.subscribesPerMinute(),
                dated.tokenSeconds());
    }

    /** Only names of KIS's own programs: another program may well have its own ORDER_…. */
    private void warnOfUnknownNames() {
        new TreeSet<>(variables.keySet())
                .stream()
                        .filter(name -> name.startsWith("KIS_") || name.startsWith("KRX_"))
                        .filter(Setting::isMisspelt)
                        .forEach(name -> warnings.add(Setting.noSetting(name)));
    }
}
