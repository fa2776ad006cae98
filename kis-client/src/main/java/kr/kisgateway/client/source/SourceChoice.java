package kr.kisgateway.client.source;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.client.Secret;

/**
 * The source that an environment selects. Reads the given map and nothing else, opens nothing:
 *
 * <ol>
 *   <li>{@code DATA_SOURCE_TYPE} of {@code kis}, {@code krx} or {@code mock} decides;
 *   <li>else {@code KIS_APP_KEY} with {@code KIS_APP_SECRET}, or those of paper, {@code KIS_MOCK_APP_KEY} with {@code
 *       KIS_MOCK_APP_SECRET}, mean kis;
 *   <li>else {@code KRX_AUTH_KEY} means krx;
 *   <li>else mock, where there is a simulator, and {@code KIS_ENV} does not name the broker.
 * </ol>
 *
 * Half of a pair of credentials counts as a mistake, not as none: invented prices because of one missing line would be
 * worse than a failure.
 */
public sealed interface SourceChoice {
    /** The broker, with these credentials. */
    record Kis(Secret appKey, Secret appSecret) implements SourceChoice {}

    /** The exchange's Open API, with this key. */
    record Krx(Secret authKey) implements SourceChoice {}

    /** The simulator. */
    record Mock() implements SourceChoice {}

    /** None, and why. */
    record Impossible(SourceFailure failure) implements SourceChoice {}

    /**
     * The choice for {@code environment}.
     *
     * @param hasSimulator whether a simulator was found, by {@link java.util.ServiceLoader}
     */
    static SourceChoice from(Map<String, String> environment, boolean hasSimulator) {
        String requestedType = value(environment, "DATA_SOURCE_TYPE").orElse("");
        if (requestedType.isEmpty()) {
            return detected(environment, hasSimulator);
        }
        Optional<SourceType> type = Arrays.stream(SourceType.values())
                .filter(it -> it.id().equalsIgnoreCase(requestedType))
                .findFirst();
        if (type.isEmpty()) {
            return new Impossible(new SourceFailure(
                    SourceFailure.Code.INVALID_INPUT,
                    "DATA_SOURCE_TYPE is none of kis, krx and mock",
                    "set it to one of these, or leave it empty to have the source detected",
                    false));
        }
        return switch (type.get()) {
            case KIS ->
                kis(environment)
                        .orElseGet(() ->
                                missing("DATA_SOURCE_TYPE is kis, but KIS_APP_KEY and KIS_APP_SECRET are not set"));
            case KRX ->
                krx(environment).orElseGet(() -> missing("DATA_SOURCE_TYPE is krx, but KRX_AUTH_KEY is not set"));
            case MOCK -> mock("DATA_SOURCE_TYPE is mock", hasSimulator);
        };
    }

    private static SourceChoice detected(Map<String, String> environment, boolean hasSimulator) {
        return kis(environment).or(() -> krx(environment)).orElseGet(() -> simulated(environment, hasSimulator));
    }

    /** The live environment without credentials gets no invented prices. */
    private static SourceChoice simulated(Map<String, String> environment, boolean hasSimulator) {
        return switch (value(environment, "KIS_ENV").orElse("").toLowerCase(Locale.ROOT)) {
            case "", "sim", "mock" -> mock("there are no credentials", hasSimulator);
            case "live" -> missing("KIS_ENV is live, but KIS_APP_KEY and KIS_APP_SECRET are not set");
            default ->
                new Impossible(new SourceFailure(
                        SourceFailure.Code.INVALID_INPUT,
                        "KIS_ENV is none of sim, mock and live",
                        "set it to one of these, or leave it empty to have the source detected",
                        false));
        };
    }

    private static Optional<SourceChoice> kis(Map<String, String> environment) {
        return pair(environment, "KIS_").or(() -> pair(environment, "KIS_MOCK_"));
    }

    private static Optional<SourceChoice> pair(Map<String, String> environment, String prefix) {
        Optional<String> key = value(environment, prefix + "APP_KEY");
        Optional<String> secret = value(environment, prefix + "APP_SECRET");
        if (key.isEmpty() && secret.isEmpty()) {
            return Optional.empty();
        }
        if (key.isPresent() && secret.isPresent()) {
            return Optional.of(new Kis(Secret.of(key.get()), Secret.of(secret.get())));
        }
        return Optional.of(missing(
                key.isPresent()
                        ? prefix + "APP_KEY is set and " + prefix + "APP_SECRET is not"
                        : prefix + "APP_SECRET is set and " + prefix + "APP_KEY is not"));
    }

    private static Optional<SourceChoice> krx(Map<String, String> environment) {
        return value(environment, "KRX_AUTH_KEY").map(key -> new Krx(Secret.of(key)));
    }

    private static SourceChoice mock(String why, boolean hasSimulator) {
        return hasSimulator
                ? new Mock()
                : missing(why + ", and there is no simulator on the class path or module path");
    }

    private static Impossible missing(String cause) {
        return new Impossible(new SourceFailure(
                SourceFailure.Code.CREDENTIALS_MISSING,
                cause,
                "set KIS_APP_KEY and KIS_APP_SECRET for the broker, or KRX_AUTH_KEY for the exchange's published days, or"
                        + " add the kis-simulator artifact for invented prices",
                false));
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(it -> !it.isEmpty());
    }
}
