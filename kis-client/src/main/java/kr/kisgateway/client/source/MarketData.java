package kr.kisgateway.client.source;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import kr.kisgateway.client.Kis;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisException;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.krx.KrxClient;
import kr.kisgateway.client.krx.KrxConfig;
import kr.kisgateway.client.master.MasterFiles;
import kr.kisgateway.client.master.MasterFilesConfig;
import kr.kisgateway.client.settings.BrokerSettings;
import kr.kisgateway.client.settings.Origin;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.client.settings.SettingForms;
import kr.kisgateway.client.settings.SettingValues;
import kr.kisgateway.client.settings.Target;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.wire.spi.LocalBroker;

/** The shortest way to market data: {@code try (MarketDataSource data = MarketData.connect()) { … }}. */
public final class MarketData {
    private MarketData() {}

    /**
     * The source of the environment and {@code .env} of the working folder, by {@link SourceChoice}: KIS where there
     * are its credentials, else the exchange's Open API where there is its key, else a simulator in this process, with paper's
     * limits where {@code KIS_ENV} is mock. {@code KIS_ENV=live} without credentials is refused.
     *
     * @throws KisException when none is available ({@code CREDENTIALS_MISSING}), or as {@link Kis#connect()}
     */
    public static MarketDataSource connect() {
        return connect(System.getenv(), Path.of("").toAbsolutePath());
    }

    /** The same with another environment and another working folder. */
    public static MarketDataSource connect(Map<String, String> environment, Path folder) {
        Map<String, String> variables = Kis.variables(environment, folder);
        boolean hasSimulator = ServiceLoader.load(LocalBroker.class).findFirst().isPresent();
        return switch (SourceChoice.from(variables, hasSimulator)) {
            case SourceChoice.Kis _ -> kis(variables, folder, Kis.connect(environment, folder, new KisListener() {}));
            case SourceChoice.Krx(Secret key) -> {
                InstantSource clock = InstantSource.system();
                yield KrxSource.open(KrxClient.open(krx(key, variables), clock), new KrxCalendar(), clock);
            }
            case SourceChoice.Mock() ->
                KisSource.over(SourceType.MOCK, Kis.connect(simulatorOnly(variables), folder, new KisListener() {}));
            case SourceChoice.Impossible(SourceFailure failure) ->
                throw new KisException(KisFailure.of(
                        failure.code() == SourceFailure.Code.CREDENTIALS_MISSING
                                ? KisFailure.Kind.CREDENTIALS_MISSING
                                : KisFailure.Kind.INVALID_SETTINGS,
                        failure.cause(),
                        failure.remedy(),
                        failure.retryable()));
        };
    }

    /** Invented prices were requested: credentials in the environment are not for the simulator. */
    private static Map<String, String> simulatorOnly(Map<String, String> variables) {
        var without = new HashMap<>(variables);
        without.replaceAll((name, value) -> name.startsWith("KIS_") ? "" : value);
        without.put("KIS_ENV", paper(variables) ? "mock" : "sim");
        return without;
    }

    /** Whether {@link Kis#connect()} would open the paper environment too. */
    private static boolean paper(Map<String, String> variables) {
        return new BrokerSettings(forms(variables, new ArrayList<>())).target(false) == Target.MOCK;
    }

    /** Names come from the broker's master files; with a simulator, from the list that it trades. */
    private static MarketDataSource kis(Map<String, String> variables, Path folder, KisClient kis) {
        var problems = new ArrayList<String>();
        SettingForms forms = forms(variables, problems);
        boolean off = forms.keyword(Setting.KIS_MASTER_URL).equals(Optional.of("off"));
        Optional<URI> address =
                off ? Optional.empty() : forms.folderAddress(Setting.KIS_MASTER_URL, "https://host/common/master/");
        var config = MasterFilesConfig.standard(SettingForms.path(
                                forms.effective(Setting.GATEWAY_CONFIG_DIR).orElseThrow(),
                                folder,
                                Path.of(System.getProperty("user.home")))
                        .resolve("master"))
                .withRefreshAt(
                        forms.timeOfDay(Setting.KIS_MASTER_REFRESH_AT, false).orElseThrow());
        if (!problems.isEmpty()) {
            kis.close();
            throw badSettings(problems);
        }
        boolean shipped = off || (address.isEmpty() && SettingForms.isThisMachine(kis.restBase()));
        StockNames names = shipped
                ? StockNames.shipped()
                : StockNames.of(MasterFiles.open(address.map(config::from).orElse(config), InstantSource.system()));
        return KisSource.over(SourceType.KIS, kis, names);
    }

    private static KisException badSettings(List<String> problems) {
        return new KisException(KisFailure.of(
                KisFailure.Kind.INVALID_SETTINGS,
                String.join(" ", problems).replaceFirst("\\.$", ""),
                "correct it and start again; nothing was opened",
                false));
    }

    private static KrxConfig krx(Secret key, Map<String, String> variables) {
        var problems = new ArrayList<String>();
        SettingForms forms = forms(variables, problems);
        KrxConfig usual = KrxConfig.standard(key)
                .withCallsPerDay(forms.count(Setting.KRX_CALLS_PER_DAY, KrxConfig.CALLS_PER_DAY_MAX));
        KrxConfig config = forms.folderAddress(Setting.KRX_API_BASE_URL, KrxConfig.EXAMPLE)
                .map(usual::from)
                .orElse(usual);
        if (!problems.isEmpty()) {
            throw badSettings(problems);
        }
        return config;
    }

    private static SettingForms forms(Map<String, String> variables, List<String> problems) {
        return new SettingForms(SettingValues.of(variables, Origin.ENVIRONMENT), Target.SIM, problems);
    }
}
