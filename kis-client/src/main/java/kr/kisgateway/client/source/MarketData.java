package kr.kisgateway.client.source;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import kr.kisgateway.client.Kis;
import kr.kisgateway.client.KisException;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.krx.KrxClient;
import kr.kisgateway.client.krx.KrxConfig;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.wire.spi.LocalBroker;

/** The shortest way to market data: {@code try (MarketDataSource data = MarketData.connect()) { … }}. */
public final class MarketData {
    private MarketData() {}

    /**
     * The source that the environment and {@code .env} of the working folder ask for, by {@link SourceChoice}: KIS where there
     * are its credentials, else the exchange's Open API where there is its key, else a simulator of this process, of the
     * paper face where {@code KIS_ENV} is mock. {@code KIS_ENV=live} without credentials is refused.
     *
     * @throws KisException when none can be had ({@code CREDENTIALS_MISSING}), or as {@link Kis#connect()}
     */
    public static MarketDataSource connect() {
        return connect(System.getenv(), Path.of("").toAbsolutePath());
    }

    /** The same with another environment and another working folder. */
    public static MarketDataSource connect(Map<String, String> environment, Path folder) {
        Map<String, String> variables = Kis.variables(environment, folder);
        boolean simulatorThere =
                ServiceLoader.load(LocalBroker.class).findFirst().isPresent();
        return switch (SourceChoice.from(variables, simulatorThere)) {
            case SourceChoice.Kis _ ->
                KisSource.over(SourceType.KIS, Kis.connect(environment, folder, new KisListener() {}));
            case SourceChoice.Krx(Secret key) -> {
                InstantSource clock = InstantSource.system();
                yield KrxSource.open(KrxClient.open(KrxConfig.standard(key), clock), new KrxCalendar(), clock);
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

    /** Invented prices were asked for: credentials that lie about are not for the simulator. */
    private static Map<String, String> simulatorOnly(Map<String, String> variables) {
        var without = new HashMap<>(variables);
        without.replaceAll((name, value) -> name.startsWith("KIS_") ? "" : value);
        without.put("KIS_ENV", paper(variables) ? "mock" : "sim");
        return without;
    }

    /** Whether {@link Kis#connect()} would open the paper face too. */
    private static boolean paper(Map<String, String> variables) {
        String asked = variables.getOrDefault("KIS_ENV", "").strip();
        return asked.isEmpty()
                ? Stream.of("KIS_MOCK", "KIS_USE_VIRTUAL_SERVER")
                        .anyMatch(
                                name -> variables.getOrDefault(name, "").strip().equalsIgnoreCase("true"))
                : asked.equalsIgnoreCase("mock");
    }
}
