package kr.kisgateway.gateway.aegis;

import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.CallHandler;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.order.OrderRoutes;

/** {@code /api/v3.x/orders} and {@code …/orders/batch}: the order entry of {@code /v1/orders} in the form of the version. */
final class AegisOrders {
    /** What their paths begin with after that of the version. */
    static final String PATH = "orders";

    private final AegisVersion version;
    private final OrderRoutes orders;
    private final FailedOrders failures;

    AegisOrders(AegisVersion version, OrderRoutes orders, FailedOrders failures) {
        this.version = version;
        this.orders = orders;
        this.failures = failures;
    }

    void register(RouteTable table) {
        table.post(Role.TRADE, version.path(PATH), reported(orders::place));
        table.post(Role.TRADE, version.path(PATH + "/batch"), reported(orders::placeAll));
    }

    private CallHandler reported(CallHandler order) {
        return call -> {
            try {
                order.handle(call);
            } catch (RefusedException refused) {
                failures.refused(version, call, refused.refusal());
                throw refused;
            }
            failures.accepted(call.caller());
        };
    }
}
