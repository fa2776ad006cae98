package kr.kisgateway.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import org.junit.jupiter.api.Test;

class WebhookAlertsTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-20T00:00:00Z"));
    private final InstantSource clock = now::get;
    private final AlertLog log = new AlertLog();
    private final WebhookAlerts alerts = new WebhookAlerts(
            new WebhookAlerts.Sources(
                    new AlertSource(log, AlertEvent.WEBHOOK_UNKNOWN, clock),
                    new AlertSource(log, AlertEvent.WEBHOOK_FLOOD, clock),
                    new AlertSource(log, AlertEvent.WEBHOOK_ALERT_REFUSED, clock)),
            clock);

    private void pass(long seconds) {
        now.updateAndGet(at -> at.plusSeconds(seconds));
        alerts.check();
    }

    private long open() {
        return log.newest(100).stream().filter(it -> it.settledAt().isEmpty()).count();
    }

    @Test
    void a_flood_settles_a_minute_after_its_last_alert_and_is_raised_again() {
        alerts.flood("tv");
        pass(59);
        alerts.flood("tv");
        pass(59);
        assertThat(open()).isEqualTo(1);
        pass(1);
        assertThat(open()).isZero();
        alerts.flood("tv");
        assertThat(log.raised()).isEqualTo(2);
    }

    @Test
    void guesses_settle_after_a_quarter_of_an_hour_and_refusals_with_the_next_taken_alert() {
        alerts.unknownWebhook();
        alerts.unknownWebhook();
        alerts.intruder("tv");
        alerts.refused("tv", "MAX_QTY_EXCEEDED");
        alerts.refused("tv", "MAX_QTY_EXCEEDED");
        assertThat(log.raised()).isEqualTo(3);
        pass(900);
        assertThat(open()).isEqualTo(1);
        alerts.taken("tv");
        assertThat(open()).isZero();
    }

    @Test
    void a_deleted_webhook_has_no_open_alerts() {
        alerts.intruder("tv");
        alerts.flood("tv");
        alerts.refused("tv", "KILL_SWITCH");
        alerts.deleted("tv");
        assertThat(open()).isZero();
    }
}
