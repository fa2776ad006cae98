package kr.kisgateway.gateway.access;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.alert.AlertEvaluator;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertPolicy;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.alert.Condition;
import kr.kisgateway.gateway.alert.RuleFigure;

/** Reports addresses that send many keys or operator tokens which are refused. */
public final class RefusedKeys implements AlertEvaluator.Rule {
    /** Addresses that are counted; further ones are counted together. */
    static final int ADDRESSES_MAX = 1_000;

    /** Addresses that are reported by themselves at one time; further ones are reported together. */
    static final int REPORTED_MAX = 20;

    private static final String OTHERS = "further addresses";

    private final AlertSource source;
    private final Condition condition;
    /** Guarded by itself. */
    private final Map<String, Refusals> refusals = new HashMap<>();

    /**
     * @param since the first of the present window
     * @param count in it
     */
    private record Refusals(Instant since, Instant last, int count) {}

    public RefusedKeys(AlertSource source) {
        this.source = source;
        this.condition = new Condition(source, Duration.ZERO);
    }

    /** A key or token from {@code address} was refused. */
    void refused(String address, Instant now) {
        String neighbourhood = Network.neighbourhood(address);
        synchronized (refusals) {
            String counted =
                    refusals.containsKey(neighbourhood) || refusals.size() < ADDRESSES_MAX ? neighbourhood : OTHERS;
            refusals.merge(
                    counted,
                    new Refusals(now, now, 1),
                    (before, one) -> new Refusals(before.since(), now, before.count() + 1));
        }
    }

    @Override
    public AlertEvent event() {
        return source.kind();
    }

    /** An address is reported from its refusals within the window on, until there was none for that time. */
    @Override
    public void check(AlertPolicy policy, Instant now) {
        Duration window = policy.duration(RuleFigure.LOGIN_FAILURES_WINDOW);
        long least = policy.figure(RuleFigure.LOGIN_FAILURES_LEAST);
        Map<String, Integer> many;
        synchronized (refusals) {
            refusals.values()
                    .removeIf(it -> !it.last().plus(window).isAfter(now)
                            || it.count() < least && !it.since().plus(window).isAfter(now));
            many = refusals.entrySet().stream()
                    .filter(it -> it.getValue().count() >= least)
                    .sorted(Map.Entry.comparingByKey())
                    .limit(REPORTED_MAX)
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, it -> it.getValue().count()));
        }
        condition.retain(many.keySet(), now);
        many.forEach((address, count) -> condition.update(
                address,
                true,
                now,
                () -> count + " keys or operator tokens from " + address
                        + " were refused: a program with an old key, or"
                        + " someone who guesses. The log has each attempt (gateway.security.attempt)."));
    }

    @Override
    public void end() {
        condition.end();
    }
}
