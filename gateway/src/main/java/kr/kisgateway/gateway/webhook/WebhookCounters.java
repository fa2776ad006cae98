package kr.kisgateway.gateway.webhook;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.gateway.meter.Meters;

/** Counts alerts by what became of them. */
public final class WebhookCounters {
    /** What became of an alert. */
    enum Outcome {
        /** It became an order. */
        ORDERED,
        /** It was only checked. */
        CHECKED,
        /** Its order existed already. */
        REPEATED,
        /** No such webhook, a wrong secret, or an address that is not allowed. */
        UNKNOWN,
        LOCKED_OUT,
        FLOOD,
        /** Outside the replay window. */
        EXPIRED,
        /** By its key, its form or the order's checks. */
        REFUSED
    }

    private final Map<Outcome, LongAdder> counts = new EnumMap<>(Outcome.class);

    public WebhookCounters() {
        for (Outcome outcome : Outcome.values()) {
            counts.put(outcome, new LongAdder());
        }
    }

    void count(Outcome outcome) {
        counts.getOrDefault(outcome, new LongAdder()).increment();
    }

    /** Registers the meters. */
    public void bindTo(Meters meters) {
        counts.forEach((outcome, count) -> meters.counter(
                "webhook.alerts",
                "alerts",
                "Alerts received by webhooks",
                count::sum,
                "outcome",
                outcome.name().toLowerCase(Locale.ROOT)));
    }
}
