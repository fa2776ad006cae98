package kr.kisgateway.gateway.access;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.alert.AlertEvaluator;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertPolicy;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.alert.RuleFigure;

/** Reports API keys that expire soon: once in time, and once more, of a higher level, shortly before. */
public final class KeyExpiryRule implements AlertEvaluator.Rule {
    private static final Duration SHORTLY = Duration.ofDays(3);

    private final Supplier<? extends Collection<ApiKey>> validKeys;
    private final AlertSource inTime;
    private final AlertSource shortly;
    /** What was reported of each key. */
    private final Map<String, AlertSource> reported = new HashMap<>();

    /**
     * @param inTime of a lower level than {@code shortly}
     */
    public KeyExpiryRule(Supplier<? extends Collection<ApiKey>> validKeys, AlertSource inTime, AlertSource shortly) {
        this.validKeys = validKeys;
        this.inTime = inTime;
        this.shortly = shortly;
    }

    @Override
    public AlertEvent event() {
        return AlertEvent.KEY_EXPIRES;
    }

    @Override
    public void check(AlertPolicy policy, Instant now) {
        Duration before = policy.duration(RuleFigure.KEY_EXPIRES_BEFORE);
        Map<String, Instant> ends = validKeys.get().stream()
                .filter(key -> key.expiresAt()
                        .filter(end -> !end.minus(before).isAfter(now))
                        .isPresent())
                .collect(Collectors.toMap(ApiKey::name, key -> key.expiresAt().get()));
        Set.copyOf(reported.keySet()).stream()
                .filter(name -> !ends.containsKey(name))
                .forEach(this::settle);
        ends.forEach((name, end) -> {
            var source = end.minus(SHORTLY).isAfter(now) ? inTime : shortly;
            if (reported.put(name, source) != source) {
                source.raise(
                        name,
                        "the API key " + name + " expires at " + end + ": create another one (./kis keys create), give"
                                + " it to the program, and revoke this one");
            }
        });
    }

    private void settle(String name) {
        reported.remove(name);
        inTime.settle(name);
    }

    @Override
    public void end() {
        Set.copyOf(reported.keySet()).forEach(this::settle);
    }
}
