package kr.kisgateway.gateway.alert;

import java.time.Instant;
import java.util.List;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.market.TradingCalendar;

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
        var json = new JsonBuffer(4_096)
                .beginObject()
                .field("raised", log.raised())
                .name("alerts")
                .beginArray();
        for (Alert alert : log.newest(limit)) {
            json.beginObject()
                    .field("at", time(alert.at()))
                    .field("level", alert.level())
                    .field("event", alert.event())
                    .field("order_id", alert.orderId())
                    .field("by", alert.by())
                    .field("message", alert.message())
                    .field("settled_at", alert.settledAt().map(AlertRoutes::time))
                    .endObject();
        }
        call.answer(json.endArray().endObject());
    }

    private static String time(Instant at) {
        return at.atZone(TradingCalendar.SEOUL).toOffsetDateTime().toString();
    }
}
