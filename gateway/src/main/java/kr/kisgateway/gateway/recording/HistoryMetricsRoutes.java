package kr.kisgateway.gateway.recording;

import kr.kisgateway.gateway.history.BarService;
import kr.kisgateway.gateway.history.DailyListSource;
import kr.kisgateway.gateway.history.HistoryMaintenance;
import kr.kisgateway.gateway.history.HistoryStore;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.JsonBuffer;

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
        call.answer(new JsonBuffer(512)
                .beginObject()
                .field("bars_held", bars.cachedBars())
                .field("bar_calls", bars.calls())
                .field("late_reads", store.lateReads())
                .field("krx_calls_today", krx.used())
                .field("krx_calls_allowed", krx.allowed())
                .field("recordings", ticks.running())
                .field("recorded_series", ticks.series())
                .field("ticks_written", ticks.rows())
                .field("ticks_waiting", ticks.waiting())
                .field("ticks_dropped", ticks.dropped())
                .field("tick_files_written", ticks.files())
                .field("recordings_stopped", ticks.stops())
                .field("days_deleted", upkeep.deleted())
                .field("upkeep_failures", upkeep.failures())
                .endObject());
    }
}
