package kr.kisgateway.gateway.aegis;

import java.util.List;
import kr.kisgateway.gateway.http.RouteTable;

/** {@code /api/v3.x/tr/…}: each TR by GET with a query, and by POST with a body. */
final class AegisRoutes {
    private final AegisVersion version;
    private final List<TrCall> calls;

    AegisRoutes(AegisVersion version, List<TrCall> calls) {
        this.version = version;
        this.calls = List.copyOf(calls);
    }

    void register(RouteTable table) {
        for (var tr : calls) {
            String path = version.path("tr/" + tr.name());
            table.get(
                    tr.role(),
                    path,
                    tr.parameters(),
                    call -> call.answer(tr.answer(TrParameters.ofQuery(call), call.caller(), version)));
            table.post(
                    tr.role(),
                    path,
                    call -> call.answer(tr.answer(TrParameters.ofBody(call, tr.parameters()), call.caller(), version)));
        }
    }
}
