package kr.kisgateway.client.setup;

import kr.kisgateway.client.BreakerRule;
import kr.kisgateway.client.Limits;
import kr.kisgateway.client.Tuning;
import kr.kisgateway.client.settings.CallSettings;

/** Limits, timeouts and retries as configured, for every program alike. */
public final class CallTuning {
    private CallTuning() {}

    /** @param limits what KIS allows, lowered where that was configured */
    public static Tuning of(CallSettings settings, Limits limits) {
        Tuning usual = switch (settings.profile()) {
            case STANDARD -> Tuning.standard(limits);
            case PIPELINE -> Tuning.pipeline(limits);
        };
        BreakerRule breaker = usual.breaker();
        return usual.withTimeouts(usual.timeouts().withSilence(settings.silence()))
                .withQueueTimeout(settings.queueTimeout())
                .withBreaker(new BreakerRule(
                        settings.breakerThreshold().orElse(breaker.window()),
                        settings.breakerThreshold().isPresent() ? 100 : breaker.failurePercent(),
                        settings.breakerTimeout().orElse(breaker.open()),
                        breaker.halfOpenCalls(),
                        breaker.orders()));
    }
}
