package kr.kisgateway.gateway.pool;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.session.PoolSlots;
import kr.kisgateway.api.session.SessionPool.AppKey;
import kr.kisgateway.api.session.SessionPool.Churn;
import kr.kisgateway.api.session.SessionPool.Polling;
import kr.kisgateway.api.session.SessionPool.Slots;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.pool.SessionPool.PollingStats;
import kr.kisgateway.gateway.pool.SessionPool.PoolSnapshot;
import kr.kisgateway.gateway.pool.SessionPool.SlotUsage;
import kr.kisgateway.gateway.session.SessionView;
import kr.kisgateway.market.Market;

/** {@code GET /v1/session/pool}: which subscriptions are pushed and which are polled, and why. */
public final class PoolRoutes {
    private static final int DEFAULT_LIMIT = 1_000;
    private static final int LIMIT_MAX = 10_000;

    private final SessionView session;
    private final DemandAnswers demands;
    private final Function<String, Result<Listed>> instruments;

    /** @param instruments finds the instrument for a text */
    public PoolRoutes(SessionView session, DemandAnswers demands, Function<String, Result<Listed>> instruments) {
        this.demands = demands;
        this.session = session;
        this.instruments = instruments;
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, "/v1/session/pool", List.of("symbol", "limit"), this::pool);
    }

    private void pool(Call call) {
        Optional<String> symbol = call.query("symbol").map(text -> {
            call.caller().requireSymbol(text);
            return instruments.apply(text).orElseThrow().code();
        });
        int limit = call.limit(DEFAULT_LIMIT, LIMIT_MAX);
        call.answerPage(() -> answer(call.caller(), symbol, limit));
    }

    private kr.kisgateway.api.session.SessionPool answer(Caller caller, Optional<String> symbol, int limit) {
        var now = demands.now();
        var snapshot = now.pool();
        var visible = snapshot.allocations().stream()
                .filter(it -> symbol.map(code -> code.equals(it.demand().code()))
                        .orElseGet(() -> caller.mayReadSymbol(it.demand().code())))
                .toList();
        return new kr.kisgateway.api.session.SessionPool(
                session.appKeys().stream().map(PoolRoutes::answer).toList(),
                slots(snapshot),
                new Churn(snapshot.churnMax(), snapshot.churnLeft()),
                polling(snapshot),
                visible.size(),
                visible.stream().limit(limit).map(it -> demands.answer(it, now)).toList());
    }

    private static AppKey answer(SessionView.AppKey key) {
        var status = key.status();
        var budget = status.budget();
        return new AppKey(
                key.id(),
                status.socketState(),
                status.registrations(),
                status.registrationsMax(),
                budget.callsLastSecond(),
                budget.limit(),
                budget.waiting());
    }

    private static Slots slots(PoolSnapshot it) {
        var all = slots(it, it.perMarket() ? it.places().keySet() : List.of(Market.KOREA));
        return new Slots(
                all.registrationsMax(),
                all.notices(),
                all.taken(),
                all.statuses(),
                all.free(),
                it.perMarket() ? Optional.of(slots(it, List.of(Market.KOREA))) : Optional.empty(),
                it.perMarket() ? Optional.of(slots(it, List.of(Market.US))) : Optional.empty(),
                places(it, Market.KOREA).capacity().changesAt().map(ApiValues::time));
    }

    /** Slots of {@code markets} together. */
    private static PoolSlots slots(PoolSnapshot it, Collection<Market> markets) {
        var all = markets.stream().map(market -> places(it, market)).toList();
        return new PoolSlots(
                all.stream().mapToInt(usage -> usage.capacity().registrations()).sum(),
                all.stream().mapToInt(usage -> usage.capacity().notices()).sum(),
                all.stream().mapToInt(SlotUsage::taken).sum(),
                all.stream().mapToInt(SlotUsage::statuses).sum(),
                all.stream()
                        .mapToInt(usage -> Math.max(0, usage.slots() - usage.taken()))
                        .sum());
    }

    private static SlotUsage places(PoolSnapshot it, Market market) {
        return Optional.ofNullable(it.places().get(market)).orElseThrow();
    }

    private static Polling polling(PoolSnapshot it) {
        var korea = polling(it, Market.KOREA);
        var usa = polling(it, Market.US);
        return new Polling(
                korea.quotes(),
                korea.quoteInterval().toMillis(),
                korea.books(),
                korea.bookInterval().toMillis(),
                new Polling.UsPolling(
                        usa.quotes(),
                        usa.quoteInterval().toMillis(),
                        usa.books(),
                        usa.bookInterval().toMillis()),
                it.pollCalls(),
                it.pollFailures());
    }

    private static PollingStats polling(PoolSnapshot it, Market market) {
        return Optional.ofNullable(it.polling().get(market)).orElseThrow();
    }
}
