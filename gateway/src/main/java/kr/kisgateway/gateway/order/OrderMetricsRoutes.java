package kr.kisgateway.gateway.order;

import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.order.OrderMetrics;
import kr.kisgateway.api.order.OrderMetrics.Reconciliation;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.meter.Meters;

/** {@code GET /v1/metrics/order}: orders since the start, read from the meters. */
public final class OrderMetricsRoutes {
    private final Meters meters;

    public OrderMetricsRoutes(Meters meters) {
        this.meters = meters;
    }

    /** Adds the call. */
    public void register(RouteTable table) {
        table.get(Role.TRADE, "/v1/metrics/order", this::metrics);
    }

    private void metrics(Call call) {
        call.answer(new OrderMetrics(
                meters.value("order.queued"),
                meters.value("order.accepted"),
                meters.value("order.deduplicated"),
                meters.value("order.processed"),
                meters.value("order.sent"),
                meters.value("order.ended", "status", "rejected"),
                meters.value("order.ended", "status", "filled"),
                meters.value("order.retried"),
                meters.value("order.exhausted"),
                meters.value("order.ended"),
                meters.value("order.unknown"),
                meters.value("order.ended", "status", "canceled"),
                meters.value("order.modified"),
                meters.value("order.doubts"),
                meters.value("order.resolved"),
                meters.value("order.late.acceptances"),
                meters.value("order.adopted"),
                meters.value("order.alerts"),
                new Reconciliation(
                        meters.value("reconcile.runs"),
                        meters.value("reconcile.checked"),
                        meters.value("reconcile.mismatched"),
                        meters.value("reconcile.corrected"))));
    }
}
