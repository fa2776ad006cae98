package kr.kisgateway.client.settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How calls to KIS are made, for every program alike.
 *
 * @param profile {@code KIS_HTTP_PROFILE}
 * @param breakerThreshold {@code KIS_API_CIRCUIT_BREAKER_THRESHOLD}: consecutive failures of a class of calls that open its
 *     breaker; empty, the profile's rule
 * @param breakerTimeout {@code KIS_API_CIRCUIT_BREAKER_TIMEOUT}: how long it stays open; empty, the profile's time
 * @param queueTimeout {@code KIS_API_QUEUE_TIMEOUT}: how long a query waits for its slot; empty, as long as its caller
 * @param silence {@code KIS_WS_SILENCE}: how long the WebSocket may be silent
 * @param rotation {@code TOKEN_ROTATION}: the age at which another token is requested; empty, shortly before its end
 */
public record CallSettings(
        HttpProfile profile,
        OptionalInt breakerThreshold,
        Optional<Duration> breakerTimeout,
        Optional<Duration> queueTimeout,
        Duration silence,
        Optional<Duration> rotation) {
    private static final int BREAKER_MAX = 1_000;
    private static final int RATE_MAX = 1_000_000;
    private static final Duration ROTATION_MIN = Duration.ofHours(6);

    /** Reads the settings of {@code forms}. */
    public static CallSettings read(SettingForms forms) {
        return new CallSettings(
                forms.choice(Setting.KIS_HTTP_PROFILE, List.of("standard", "pipeline"))
                                .equals(Optional.of("pipeline"))
                        ? HttpProfile.PIPELINE
                        : HttpProfile.STANDARD,
                forms.count(Setting.KIS_API_CIRCUIT_BREAKER_THRESHOLD, BREAKER_MAX),
                forms.explicitDuration(Setting.KIS_API_CIRCUIT_BREAKER_TIMEOUT),
                forms.explicitDuration(Setting.KIS_API_QUEUE_TIMEOUT),
                forms.duration(Setting.KIS_WS_SILENCE),
                rotation(forms));
    }

    private static Optional<Duration> rotation(SettingForms forms) {
        String text = forms.keyword(Setting.TOKEN_ROTATION).orElse("expiry");
        if (text.equals("expiry")) {
            return Optional.empty();
        }
        Optional<Duration> age = SettingForms.duration(text).filter(it -> it.compareTo(ROTATION_MIN) >= 0);
        if (age.isEmpty()) {
            forms.problem(
                    "TOKEN_ROTATION must be expiry, or a time from 6h to 24h: KIS gives the same token again for six"
                            + " hours.");
        }
        return age;
    }

    /**
     * Calls a second: {@code KIS_API_RATE_LIMIT}, never more than {@code allowed}.
     *
     * @param warnings receives a sentence when it is capped
     */
    public static int rate(SettingForms forms, int allowed, List<String> warnings) {
        int rate = forms.count(Setting.KIS_API_RATE_LIMIT, RATE_MAX).orElse(allowed);
        if (rate > allowed) {
            warnings.add("KIS_API_RATE_LIMIT=" + rate + " is above what KIS allows; " + allowed
                    + " calls a second are used.");
        }
        return Math.min(rate, allowed);
    }
}
