package kr.kisgateway.gateway.pool;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.pool.SessionPool.Glance;
import kr.kisgateway.gateway.pool.Standing.Mode;
import kr.kisgateway.gateway.session.SessionView;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/** {@code GET /v1/session/pool}: which subscriptions are pushed and which are polled, and why. */
public final class PoolRoutes {
    private static final int STANDINGS = 1_000;
    private static final int STANDINGS_MAX = 10_000;

    private final SessionPool pool;
    private final SessionView session;

    public PoolRoutes(SessionPool pool, SessionView session) {
        this.pool = pool;
        this.session = session;
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, "/v1/session/pool", List.of("symbol", "limit"), this::pool);
    }

    private void pool(Call call) {
        var symbol = call.query("symbol")
                .map(text ->
                        Symbol.parse(text).orElseThrow(() -> Call.invalid("symbol", "must be a symbol, as 005930")));
        symbol.ifPresent(it -> call.caller().requireSymbol(it.code()));
        int limit = call.limit(STANDINGS, STANDINGS_MAX);
        var glance = pool.glance();
        var json = new JsonBuffer(2_048).beginObject();
        appKeys(json);
        figures(json, glance);
        var seen = glance.standings().stream()
                .filter(it -> symbol.map(wanted -> wanted.equals(it.demand().symbol()))
                        .orElseGet(
                                () -> call.caller().maySee(it.demand().symbol().code())))
                .toList();
        json.field("demand_count", seen.size()).name("demand").beginArray();
        seen.stream().limit(limit).forEach(it -> standing(json, it, glance));
        call.answer(json.endArray().endObject());
    }

    private void appKeys(JsonBuffer json) {
        json.name("app_keys").beginArray();
        for (var key : session.appKeys()) {
            var status = key.status();
            var budget = status.budget();
            json.beginObject()
                    .field("id", key.id())
                    .field("ws_state", status.socketState())
                    .field("registrations", status.registrations())
                    .field("registrations_max", status.registrationsMax())
                    .field("calls_last_second", budget.callsLastSecond())
                    .field("calls_limit", budget.limit())
                    .field("waiting", budget.waiting())
                    .endObject();
        }
        json.endArray();
    }

    private static void figures(JsonBuffer json, Glance it) {
        json.name("slots")
                .beginObject()
                .field("registrations_max", it.room().registrations())
                .field("notices", it.room().notices())
                .field("taken", it.taken())
                .field("free", Math.max(0, it.slots() - it.taken()))
                .field("changes_at", it.room().changesAt().map(PoolRoutes::iso))
                .endObject()
                .name("churn")
                .beginObject()
                .field("per_minute", it.churnMax())
                .field("left", it.churnLeft())
                .endObject()
                .name("polling")
                .beginObject()
                .field("quotes", it.polledQuotes())
                .field("quotes_interval_ms", it.quoteInterval().toMillis())
                .field("books", it.polledBooks())
                .field("books_interval_ms", it.bookInterval().toMillis())
                .field("calls", it.pollCalls())
                .field("failed", it.pollFailures())
                .endObject();
    }

    private void standing(JsonBuffer json, Standing it, Glance glance) {
        var appKey = it.registered() ? pool.appKeyOf(it.demand()) : java.util.Optional.<String>empty();
        json.beginObject()
                .field("symbol", it.demand().symbol().code())
                .field("kind", it.demand().kind().name().toLowerCase(Locale.ROOT))
                .field("mode", it.mode() == Mode.PUSH ? "push" : "poll")
                .field("reason", it.reason().name())
                .field("why", Why.of(it, glance, appKey))
                .field("app_key", appKey)
                .field("weight", it.weight())
                .field("listeners", it.listeners())
                .field("pinned", it.pinned())
                .field("ordered", it.ordered())
                .field("since", iso(it.since()))
                .endObject();
    }

    private static String iso(Instant at) {
        return at.atZone(TradingCalendar.SEOUL).toOffsetDateTime().toString();
    }
}
