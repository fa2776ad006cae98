package kr.kisgateway.gateway.recording;

import kr.kisgateway.api.history.HistoryMetrics;
import kr.kisgateway.gateway.cache.CacheStats;
import kr.kisgateway.gateway.history.BarService;
import kr.kisgateway.gateway.history.DailyListSource;
import kr.kisgateway.gateway.history.HistoryMaintenance;
import kr.kisgateway.gateway.history.HistoryStore;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;

/** {@code GET /v1/metrics/history}: bars, files, recordings and deletions, collected on request. */
public final class HistoryMetricsRoutes {
    private final BarService bars;
    private final HistoryStore store;
    private final DailyListSource lists;
    private final TickRecorder recorder;
    private final HistoryMaintenance upkeep;

    public HistoryMetricsRoutes(
            BarService bars,
            HistoryStore store,
            DailyListSource lists,
            TickRecorder recorder,
            HistoryMaintenance upkeep) {
        this.bars = bars;
        this.store = store;
        this.lists = lists;
        this.recorder = recorder;
        this.upkeep = upkeep;
    }

    /** Adds the route. */
    public void register(RouteTable table) {
        table.get(Role.TRADE, "/v1/metrics/history", this::metrics);
    }

    private void metrics(Call call) {
        var ticks = recorder.counts();
        var krx = lists.calls();
        var cached = bars.stats();
        call.answer(new HistoryMetrics(
                cached.stream().mapToLong(CacheStats::size).sum(),
                cached.stream().mapToLong(CacheStats::calls).sum(),
                store.lateReads(),
                krx.used(),
                krx.allowed(),
                ticks.running(),
                ticks.series(),
                ticks.rows(),
                ticks.waiting(),
                ticks.dropped(),
                ticks.files(),
                ticks.stops(),
                upkeep.deleted(),
                upkeep.failures()));
    }
}
