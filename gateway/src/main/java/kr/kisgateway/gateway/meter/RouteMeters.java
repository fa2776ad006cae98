package kr.kisgateway.gateway.meter;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import kr.kisgateway.gateway.http.CallObserver;
import kr.kisgateway.gateway.http.RouteTable.Route;
import kr.kisgateway.gateway.http.RouteTable.SocketRoute;

/** How long the calls of each route take, and how many succeed. */
public final class RouteMeters implements CallObserver {
    private final Meters meters;
    private final ApiUsage usage;
    private final LongSupplier nanos;

    /**
     * @param usage counts the calls of each version
     * @param nanos a clock that never goes back, with any origin
     */
    public RouteMeters(Meters meters, ApiUsage usage, LongSupplier nanos) {
        this.usage = usage;
        this.meters = meters;
        this.nanos = nanos;
    }

    @Override
    public RouteObserver of(Route route) {
        var time = meters.latency(
                "http.requests",
                "From a request's header to its complete answer, of calls of the API that succeeded; streams are not counted",
                LatencyMeter.Buckets.ANSWERS,
                "method",
                route.method(),
                "route",
                route.path());
        var called = usage.counterOf(route.path());
        var succeeded = count(route, "2xx");
        var refused = count(route, "4xx");
        var failed = count(route, "5xx");
        return new RouteObserver() {
            @Override
            public long begin() {
                called.run();
                return nanos.getAsLong();
            }

            @Override
            public void end(long begun, int status) {
                if (status >= 500) {
                    failed.increment();
                } else if (status >= 400) {
                    refused.increment();
                } else {
                    succeeded.increment();
                    time.record(nanos.getAsLong() - begun);
                }
            }
        };
    }

    @Override
    public Runnable ofOpened(SocketRoute route) {
        return usage.counterOf(route.path());
    }

    private LongAdder count(Route route, String status) {
        var count = new LongAdder();
        meters.counter(
                "http.answers",
                "answers",
                "Answers to calls of the API, by class of status",
                count::sum,
                "method",
                route.method(),
                "route",
                route.path(),
                "status",
                status);
        return count;
    }
}
