package kr.kisgateway.gateway.webhook;

import java.time.Duration;
import java.time.InstantSource;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.alert.RepeatedAlert;

/**
 * Reports refused alerts once for each webhook and kind, however many come. Webhooks that do not exist share one subject, so
 * the number of webhooks bounds what is retained.
 */
public final class WebhookAlerts {
    static final Duration FLOOD_QUIET = Duration.ofMinutes(1);
    static final Duration UNKNOWN_QUIET = Duration.ofMinutes(15);
    private static final String NONE = "-";

    private final RepeatedAlert unknown;
    private final RepeatedAlert flood;
    private final RepeatedAlert refused;

    /** Which alert reports what. */
    public record Sources(AlertSource unknown, AlertSource flood, AlertSource refused) {}

    public WebhookAlerts(Sources sources, InstantSource clock) {
        this.unknown = new RepeatedAlert(sources.unknown(), clock);
        this.flood = new RepeatedAlert(sources.flood(), clock);
        this.refused = new RepeatedAlert(sources.refused(), clock);
    }

    /** An alert for a webhook that does not exist. */
    void unknownWebhook() {
        unknown.observe(
                NONE,
                "Alerts come for a webhook that does not exist; they are refused. ./kis webhook list shows the webhooks.");
    }

    /** An alert with a wrong secret, or from an address that is not allowed. */
    void intruder(String webhook) {
        unknown.observe(
                webhook,
                "Alerts come to the webhook " + webhook
                        + " with a wrong secret or from an address that is not allowed; they are refused.");
    }

    void flood(String webhook) {
        flood.observe(
                webhook,
                "The webhook " + webhook
                        + " receives more alerts than it accepts a minute; those beyond are refused, nothing is ordered"
                        + " for them.");
    }

    /** @param reason code and message of the refusal */
    void refused(String webhook, String reason) {
        refused.observe(
                webhook,
                "An alert to the webhook " + webhook + " was refused, nothing was ordered for it: " + reason
                        + " Further refusals are counted until one is taken.");
    }

    void taken(String webhook) {
        refused.settle(webhook);
    }

    void deleted(String webhook) {
        unknown.settle(webhook);
        flood.settle(webhook);
        refused.settle(webhook);
    }

    /** Settles what was not observed for a while. */
    public void check() {
        flood.settleQuiet(FLOOD_QUIET);
        unknown.settleQuiet(UNKNOWN_QUIET);
    }
}
