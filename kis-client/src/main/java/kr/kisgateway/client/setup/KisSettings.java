package kr.kisgateway.client.setup;

import java.net.URI;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Limits;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.Tuning;
import kr.kisgateway.client.settings.CallSettings;
import kr.kisgateway.client.settings.Target;

/**
 * The validated settings of a client: a pure function of a map of variables. Printing it shows no secret.
 *
 * @param target the KIS environment ({@code KIS_ENV})
 * @param appKey {@code KIS_APP_KEY}, in mock {@code KIS_MOCK_APP_KEY} before it
 * @param appSecret {@code KIS_APP_SECRET}, in mock {@code KIS_MOCK_APP_SECRET} before it
 * @param account {@code KIS_ACCOUNT_NO} or its other spellings
 * @param htsId {@code KIS_HTS_ID}
 * @param restBase an address of the REST calls instead of KIS's own
 * @param wsBase an address of the WebSocket instead of KIS's own
 * @param limits what KIS allows on the day, lowered by {@code KIS_API_RATE_LIMIT}
 * @param calls how calls are made, read as in the gateway
 * @param tokenKey {@code KIS_TOKEN_KEY}: what encrypts the stored token, instead of the key file
 * @param tokenFolder {@code KIS_TOKEN_DIR}
 * @param configFolder {@code GATEWAY_CONFIG_DIR}
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
        CallSettings calls,
        Optional<Secret> tokenKey,
        Optional<String> tokenFolder,
        String configFolder,
        List<String> warnings) {
    public KisSettings {
        warnings = List.copyOf(warnings);
    }

    /**
     * The settings in {@code variables}. {@code KIS_ENV} selects the environment; without it {@code KIS_MOCK=true} or {@code
     * KIS_USE_VIRTUAL_SERVER=true} mean mock, and no credentials mean sim. Live is never guessed.
     *
     * @param day the date in Seoul, on which limits depend
     * @param hasSimulator whether a simulator was found, by {@link java.util.ServiceLoader}
     * @return Failed with {@link KisFailure.Kind#CREDENTIALS_MISSING} or {@link KisFailure.Kind#INVALID_SETTINGS}; its
     *     text names every setting that is missing or wrong
     */
    public static KisReply<KisSettings> from(Map<String, String> variables, LocalDate day, boolean hasSimulator) {
        return new SettingsReader(variables).read(day, hasSimulator);
    }

    /** The KIS environment at the target. */
    public Environment environment() {
        return target == Target.MOCK ? Environment.PAPER_FACE : Environment.LIVE_FACE;
    }

    /** Whether a simulator must be started: no other target is configured. */
    public boolean needsSimulator() {
        return restBase.isEmpty()
                && switch (target) {
                    case SIM -> true;
                    case MOCK -> appKey.isEmpty(); // without any credentials; incomplete ones were refused
                    case LIVE -> false;
                };
    }

    /** Limits, timeouts and retries. */
    public Tuning tuning() {
        return CallTuning.of(calls, limits);
    }
}
