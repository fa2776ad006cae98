package kr.kisgateway.gateway.alert;

import java.util.List;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.alert.Alerts;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.ApiValues;

/** {@code GET /v1/alerts}. */
public final class AlertRoutes {
    private static final int LIMIT_DEFAULT = 100;

    private final AlertLog log;

    public AlertRoutes(AlertLog log) {
        this.log = log;
    }

    public void register(RouteTable table) {
        table.get(Role.TRADE, "/v1/alerts", List.of("limit"), this::alerts);
    }

    private void alerts(Call call) {
        call.caller().requireUnrestricted("Alerts are about");
        int limit = call.limit(LIMIT_DEFAULT, AlertLog.CAPACITY);
        call.answerPage(() -> new Alerts(
                log.raised(),
                log.newest(limit).stream().map(AlertRoutes::answer).toList()));
    }

    private static Alerts.Alert answer(Alert alert) {
        return new Alerts.Alert(
                ApiValues.time(alert.at()),
                alert.level(),
                alert.event(),
                alert.orderId(),
                alert.by(),
                alert.message(),
                alert.settledAt().map(ApiValues::time));
    }
}
