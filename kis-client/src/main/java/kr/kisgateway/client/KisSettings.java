package kr.kisgateway.client;

import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an environment says about a client, checked: a pure function of a map of variables. Printing it shows no secret.
 *
 * @param target whom to talk to ({@code KIS_ENV})
 * @param appKey {@code KIS_APP_KEY}, in mock {@code KIS_MOCK_APP_KEY} before it
 * @param appSecret {@code KIS_APP_SECRET}, in mock {@code KIS_MOCK_APP_SECRET} before it
 * @param account {@code KIS_ACCOUNT_NO} or its other spellings
 * @param htsId {@code KIS_HTS_ID}
 * @param restBase another address of the REST calls than KIS's own
 * @param wsBase another address of the WebSocket than KIS's own
 * @param limits what KIS allows on the day, lowered by {@code KIS_API_RATE_LIMIT}
 * @param profile {@code KIS_HTTP_PROFILE}
 * @param breakerThreshold {@code KIS_API_CIRCUIT_BREAKER_THRESHOLD}: calls of a class that must fail in a row
 * @param breakerTimeout {@code KIS_API_CIRCUIT_BREAKER_TIMEOUT}: how long such a class is left alone
 * @param queueTimeout {@code KIS_API_QUEUE_TIMEOUT}: how long a call may take that names nothing else, waiting for its turn
 *     included
 * @param tokenKey {@code KIS_TOKEN_KEY}: what encrypts the stored token, instead of the key file
 * @param warnings sentences about what was capped or has no effect
 */
public record KisSettings(
        Target target,
        Optional<Secret> appKey,
        Optional<Secret> appSecret,
        Optional<AccountNumber> account,
        Optional<String> htsId,
        Optional<URI> restBase,
        Optional<URI> wsBase,
        Limits limits,
        HttpProfile profile,
        OptionalInt breakerThreshold,
        Optional<Duration> breakerTimeout,
        Optional<Duration> queueTimeout,
        Optional<Secret> tokenKey,
        List<String> warnings) {
    /** Whom a client talks to. */
    public enum Target {
        /** A simulator: invented prices, invented money. */
        SIM,
        /** KIS's paper trading (모의투자); without any credentials a simulator that has its limits. */
        MOCK,
        /** KIS itself: real money. */
        LIVE
    }

    /** How patiently REST calls are made. */
    public enum HttpProfile {
        /** {@link Tuning#standard}. */
        STANDARD,
        /** {@link Tuning#pipeline}. */
        PIPELINE
    }

    public KisSettings {
        warnings = List.copyOf(warnings);
    }

    /**
     * What {@code variables} say. {@code KIS_ENV} decides whom to talk to; without it {@code KIS_MOCK=true} or {@code
     * KIS_USE_VIRTUAL_SERVER=true} mean mock, and no credentials mean sim. Nothing is ever guessed about live.
     *
     * @param day the date in Seoul, on which limits depend
     * @param simulatorThere whether a simulator was found, by {@link java.util.ServiceLoader}
     * @return Failed with {@link KisFailure.Kind#CREDENTIALS_MISSING} or {@link KisFailure.Kind#INVALID_SETTINGS}; its
     *     text names every setting that is missing or wrong
     */
    public static KisReply<KisSettings> from(Map<String, String> variables, LocalDate day, boolean simulatorThere) {
        return new SettingsReader(variables).read(day, simulatorThere);
    }

    /** Which face of KIS answers there. */
    public Environment environment() {
        return target == Target.MOCK ? Environment.PAPER_FACE : Environment.LIVE_FACE;
    }

    /** Whether a simulator must be started for it: nobody was named who could answer. */
    public boolean needsSimulator() {
        return restBase.isEmpty()
                && switch (target) {
                    case SIM -> true;
                    case MOCK -> appKey.isEmpty(); // without any credentials; half of them were refused
                    case LIVE -> false;
                };
    }

    /** How hard and how patiently to try. */
    public Tuning tuning() {
        Tuning tuning = switch (profile) {
            case STANDARD -> Tuning.standard(limits);
            case PIPELINE -> Tuning.pipeline(limits);
        };
        BreakerRule usual = tuning.breaker();
        return tuning.withPatience(queueTimeout.orElse(tuning.patience()))
                .withBreaker(new BreakerRule(
                        breakerThreshold.orElse(usual.window()),
                        breakerThreshold.isPresent() ? 100 : usual.failurePercent(),
                        breakerTimeout.orElse(usual.open()),
                        usual.halfOpenCalls(),
                        true));
    }
}
