package kr.kisgateway.gateway;

import kr.kisgateway.gateway.access.WebhookGatekeeper;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.order.OrderRoutes;
import kr.kisgateway.gateway.webhook.WebhookAlerts;
import kr.kisgateway.gateway.webhook.WebhookCounters;
import kr.kisgateway.gateway.webhook.WebhookRoutes;
import kr.kisgateway.gateway.webhook.Webhooks;

/** Alerts of services as TradingView that become orders. */
final class WebhookModule {
    /** Name of the document with the webhooks. */
    static final String FILE = "webhooks.json";

    private WebhookModule() {}

    /** Reads the webhooks and registers their routes. */
    static void register(Platform platform, AccessModule access, OrderRoutes orders) {
        var clock = platform.clock();
        var settings = platform.settings().access();
        var gatekeeper = new WebhookGatekeeper(access.keys(), settings.callsPerSecond(), clock, clock.monotonicClock());
        access.onKeyEnded(gatekeeper::releaseKey);
        gatekeeper.bindTo(platform.meters());
        var alerts = new WebhookAlerts(
                new WebhookAlerts.Sources(
                        platform.alertSource(AlertEvent.WEBHOOK_UNKNOWN),
                        platform.alertSource(AlertEvent.WEBHOOK_FLOOD),
                        platform.alertSource(AlertEvent.WEBHOOK_ALERT_REFUSED)),
                clock);
        platform.parts().add(platform.tasks().every("webhook-alerts", Platform.WATCH_INTERVAL, alerts::check));
        var counters = new WebhookCounters();
        counters.bindTo(platform.meters());
        new WebhookRoutes(
                        settings.webhooks(),
                        Documents.open(platform, FILE, Webhooks::open),
                        gatekeeper,
                        orders,
                        alerts,
                        counters,
                        clock,
                        platform.random())
                .register(platform.routes());
    }
}
