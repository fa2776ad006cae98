package kr.kisgateway.gateway;

import java.util.List;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.incident.IncidentRecorder;
import kr.kisgateway.gateway.notification.NotificationDesk;

/** Records in the audit what reports of incidents need. */
final class IncidentModule {
    /** Meters of answers with another price than the pushed one. */
    private static final List<String> FALLBACKS =
            List.of("quote.rest.fallbacks", "quote.answers.cached", "quote.answers.fallback");

    private IncidentModule() {}

    /** Records alerts, those that the start raised before included, and deliveries; the broker is to be observed by the result. */
    static IncidentRecorder record(Platform platform, NotificationDesk notifications) {
        var masked = AuditModule.masked(platform.settings());
        var meters = platform.meters();
        var recorder = platform.parts()
                .add(new IncidentRecorder(
                        platform.audit(),
                        () -> FALLBACKS.stream().mapToLong(meters::total).sum(),
                        masked::redact,
                        platform.clock()));
        recorder.bindTo(meters);
        platform.alerts().newest(AlertLog.CAPACITY).reversed().forEach(recorder::alert);
        platform.alerts().attach(recorder::alert);
        notifications.onDelivered(recorder::delivered);
        platform.parts().add(platform.tasks().every("incident-records", IncidentRecorder.INTERVAL, recorder::flush));
        return recorder;
    }
}
