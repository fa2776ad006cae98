package kr.kisgateway.gateway.meter;

import java.util.function.LongSupplier;
import kr.kisgateway.gateway.http.CallObserver;
import kr.kisgateway.gateway.http.RouteTable.Route;

/** How long the answers of each route take, by class of status. */
public final class RouteMeters implements CallObserver {
    private final Meters meters;
    private final LongSupplier nanos;

    /** @param nanos a clock that never goes back, with any origin */
    public RouteMeters(Meters meters, LongSupplier nanos) {
        this.meters = meters;
        this.nanos = nanos;
    }

    @Override
    public RouteObserver of(Route route) {
        var succeeded = latency(route, "2xx");
        var refused = latency(route, "4xx");
        var failed = latency(route, "5xx");
        return new RouteObserver() {
            @Override
            public long begin() {
                return nanos.getAsLong();
            }

            @Override
            public void end(long begun, int status) {
                var meter = status < 400 ? succeeded : status < 500 ? refused : failed;
                meter.record(nanos.getAsLong() - begun);
            }
        };
    }

    private LatencyMeter latency(Route route, String status) {
        return meters.latency(
                "http.requests",
                "From a request's header to its complete answer, of calls of the API; streams are not counted",
                LatencyMeter.Buckets.ANSWERS,
                "method",
                route.method(),
                "route",
                route.path(),
                "status",
                status);
    }
}
