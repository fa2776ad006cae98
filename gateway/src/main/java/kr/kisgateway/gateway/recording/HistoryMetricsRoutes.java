package kr.kisgateway.gateway.recording;

import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.history.HistoryMetrics;
import kr.kisgateway.gateway.cache.CacheCounters;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.meter.Meters;

/** {@code GET /v1/metrics/history}: bars, files, recordings and deletions, read from the meters. */
public final class HistoryMetricsRoutes {
    private final Meters meters;

    public HistoryMetricsRoutes(Meters meters) {
        this.meters = meters;
    }

    /** Adds the route. */
    public void register(RouteTable table) {
        table.get(Role.TRADE, "/v1/metrics/history", this::metrics);
    }

    private void metrics(Call call) {
        call.answer(new HistoryMetrics(
                ofKoreanBars("cache.size"),
                ofKoreanBars("cache.calls"),
                meters.value("history.late.reads"),
                meters.value("krx.calls.today"),
                meters.value("krx.calls.allowed"),
                meters.value("recording.active"),
                meters.value("recording.series"),
                meters.value("recording.ticks.written"),
                meters.value("recording.ticks.waiting"),
                meters.value("recording.ticks.dropped"),
                meters.value("recording.files"),
                meters.value("recording.stops"),
                meters.value("history.days.deleted"),
                meters.value("history.maintenance.failures")));
    }

    private long ofKoreanBars(String meter) {
        return meters.value(meter, CacheCounters.TAG, "bars_days")
                + meters.value(meter, CacheCounters.TAG, "bars_minutes");
    }
}
