package kr.kisgateway.gateway.chat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import kr.kisgateway.gateway.alert.AlertEvaluator;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertPolicy;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.alert.Condition;

/** Reports once that a bot gets messages from a chat or of a user that is not allowed. */
public final class RefusedSenders implements AlertEvaluator.Rule {
    private static final Duration QUIET = Duration.ofMinutes(15);

    /** The last refused message of a channel. */
    private record Refused(long chat, long user, Instant at) {}

    private final AlertSource source;
    private final Condition condition;
    /** By channel; guarded by itself. */
    private final Map<String, Refused> refused = new HashMap<>();

    public RefusedSenders(AlertSource source) {
        this.source = source;
        this.condition = new Condition(source, Duration.ZERO);
    }

    void refused(String channel, BotUpdate update, Instant now) {
        synchronized (refused) {
            refused.put(channel, new Refused(update.chat(), update.user(), now));
        }
    }

    @Override
    public AlertEvent event() {
        return source.kind();
    }

    @Override
    public void check(AlertPolicy policy, Instant now) {
        Map<String, Refused> present;
        synchronized (refused) {
            refused.values().removeIf(it -> !it.at().plus(QUIET).isAfter(now));
            present = Map.copyOf(refused);
        }
        condition.retain(present.keySet(), now);
        present.forEach((channel, last) -> condition.update(
                channel,
                true,
                now,
                () -> "the bot of the channel " + channel
                        + " gets messages from a chat or user that is not allowed (chat "
                        + last.chat() + ", user " + last.user()
                        + "); they are ignored. If they are yours, add both numbers to"
                        + " commands in alerts.yaml."));
    }

    @Override
    public void end() {
        condition.end();
    }
}
