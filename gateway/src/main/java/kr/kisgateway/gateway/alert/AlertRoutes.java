package kr.kisgateway.gateway.alert;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.alert.Alerts;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.ApiValues;

/** {@code GET /v1/alerts}. */
public final class AlertRoutes {
    private static final int LIMIT_DEFAULT = 100;

    private final AlertLog log;
    private final AlertMarks marks;
    private final InstantSource clock;

    public AlertRoutes(AlertLog log, AlertMarks marks, InstantSource clock) {
        this.log = log;
        this.marks = marks;
        this.clock = clock;
    }

    public void register(RouteTable table) {
        table.get(Role.TRADE, "/v1/alerts", List.of("limit"), this::alerts);
    }

    private void alerts(Call call) {
        call.caller().requireUnrestricted("Alerts are about");
        int limit = call.limit(LIMIT_DEFAULT, AlertLog.CAPACITY);
        call.answerPage(() -> new Alerts(
                log.raised(), log.newest(limit).stream().map(this::answer).toList()));
    }

    private Alerts.Alert answer(Alert alert) {
        boolean persists = alert.settledAt().isEmpty();
        return new Alerts.Alert(
                ApiValues.time(alert.at()),
                alert.level(),
                alert.event(),
                alert.subject(),
                alert.orderId(),
                alert.by(),
                alert.message(),
                alert.settledAt().map(ApiValues::time),
                persists
                        ? marks.acknowledgement(alert.kind(), alert.subject())
                                .map(it -> new Alerts.Acknowledged(it.by(), ApiValues.time(it.at()), it.note()))
                        : Optional.empty(),
                persists && marks.isSilenced(alert.kind(), alert.subject(), clock.instant()));
    }
}
