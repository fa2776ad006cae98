package kr.kisgateway.gateway.pool;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.Lookup;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.pool.SessionPool.PoolSnapshot;
import kr.kisgateway.gateway.pool.SessionPool.SlotUsage;
import kr.kisgateway.gateway.session.SessionView;
import kr.kisgateway.market.TradingCalendar;

/** {@code GET /v1/session/pool}: which subscriptions are pushed and which are polled, and why. */
public final class PoolRoutes {
    private static final int DEFAULT_LIMIT = 1_000;
    private static final int LIMIT_MAX = 10_000;

    private final SessionPool pool;
    private final SessionView session;
    private final Function<String, Lookup> instruments;

    /** @param instruments finds the instrument for a text */
    public PoolRoutes(SessionPool pool, SessionView session, Function<String, Lookup> instruments) {
        this.pool = pool;
        this.session = session;
        this.instruments = instruments;
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, "/v1/session/pool", List.of("symbol", "limit"), this::pool);
    }

    private void pool(Call call) {
        Optional<String> symbol = call.query("symbol").map(text -> {
            call.caller().requireSymbol(text);
            return instruments.apply(text).listed().code();
        });
        int limit = call.limit(DEFAULT_LIMIT, LIMIT_MAX);
        var snapshot = pool.snapshot();
        var json = new JsonBuffer(2_048).beginObject();
        writeAppKeys(json);
        writeSummary(json, snapshot);
        var visible = snapshot.allocations().stream()
                .filter(it -> symbol.map(
                                code -> code.equals(it.demand().symbol().code()))
                        .orElseGet(() ->
                                call.caller().mayReadSymbol(it.demand().symbol().code())))
                .toList();
        json.field("demand_count", visible.size()).name("demand").beginArray();
        visible.stream().limit(limit).forEach(it -> writeAllocation(json, it, snapshot));
        call.answer(json.endArray().endObject());
    }

    private void writeAppKeys(JsonBuffer json) {
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

    private static void writeSummary(JsonBuffer json, PoolSnapshot it) {
        json.name("slots").beginObject();
        places(json, it.perCountry() ? List.of(Country.values()) : List.of(Country.KOREA), it);
        for (var country : Country.values()) {
            if (it.perCountry()) {
                places(json.name(country.wireName()).beginObject(), List.of(country), it);
                json.endObject();
            } else {
                json.fieldNull(country.wireName());
            }
        }
        json.field(
                        "changes_at",
                        places(it, Country.KOREA).capacity().changesAt().map(PoolRoutes::iso))
                .endObject()
                .name("churn")
                .beginObject()
                .field("per_minute", it.churnMax())
                .field("left", it.churnLeft())
                .endObject()
                .name("polling")
                .beginObject();
        writePolling(json, it, Country.KOREA);
        writePolling(json.name(Country.USA.wireName()).beginObject(), it, Country.USA);
        json.endObject()
                .field("calls", it.pollCalls())
                .field("failed", it.pollFailures())
                .endObject();
    }

    /** Slots of {@code countries} together. */
    private static void places(JsonBuffer json, List<Country> countries, PoolSnapshot it) {
        var all = countries.stream().map(country -> places(it, country)).toList();
        json.field(
                        "registrations_max",
                        all.stream()
                                .mapToInt(usage -> usage.capacity().registrations())
                                .sum())
                .field(
                        "notices",
                        all.stream()
                                .mapToInt(usage -> usage.capacity().notices())
                                .sum())
                .field("taken", all.stream().mapToInt(SlotUsage::taken).sum())
                .field("statuses", all.stream().mapToInt(SlotUsage::statuses).sum())
                .field(
                        "free",
                        all.stream()
                                .mapToInt(usage -> Math.max(0, usage.slots() - usage.taken()))
                                .sum());
    }

    private static SlotUsage places(PoolSnapshot it, Country country) {
        return Optional.ofNullable(it.places().get(country)).orElseThrow();
    }

    private static void writePolling(JsonBuffer json, PoolSnapshot it, Country country) {
        var polling = Optional.ofNullable(it.polling().get(country)).orElseThrow();
        json.field("quotes", polling.quotes())
                .field("quotes_interval_ms", polling.quoteInterval().toMillis())
                .field("books", polling.books())
                .field("books_interval_ms", polling.bookInterval().toMillis());
    }

    private void writeAllocation(JsonBuffer json, Allocation it, PoolSnapshot snapshot) {
        var appKey = it.registered() ? pool.appKeyOf(it.demand()) : Optional.<String>empty();
        json.beginObject()
                .field("symbol", it.demand().symbol().code())
                .field("kind", it.demand().kind().name().toLowerCase(Locale.ROOT))
                .field("mode", it.mode().name().toLowerCase(Locale.ROOT))
                .field("reason", it.reason().name())
                .field("why", AllocationExplanation.of(it, snapshot, appKey))
                .field("app_key", appKey)
                .field("weight", it.weight())
                .field("listeners", it.listeners())
                .field("pinned", it.pinned())
                .field("ordered", it.hasOpenOrder())
                .field("since", iso(it.since()))
                .endObject();
    }

    private static String iso(Instant at) {
        return at.atZone(TradingCalendar.SEOUL).toOffsetDateTime().toString();
    }
}
