package kr.kisgateway.gateway.meter;

import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;

/** {@code GET /metrics}: all meters, as Prometheus reads them. */
public final class MetricsRoutes {
    private static final String ANY_FORMAT = "text/plain";

    private final Meters meters;

    public MetricsRoutes(Meters meters) {
        this.meters = meters;
    }

    /** Adds the call. */
    public void register(RouteTable table) {
        table.getOpenLocally(Role.OPERATOR, "/metrics", this::metrics);
    }

    private void metrics(Call call) {
        var accept = call.header("Accept").orElse(ANY_FORMAT);
        call.answerText(() -> meters.scrape(accept), Exposition::contentType, Exposition::text);
    }
}
