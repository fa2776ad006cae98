package kr.kisgateway.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.audit.AuditTrail.Weight;
import kr.kisgateway.gateway.http.RouteTable.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpAuditTest {
    private static Route route(String method, String path, Role role) {
        return new Route(method, path, Optional.of(role), List.of(), false, _ -> {});
    }

    @Test
    void without_room_for_rows_changes_are_refused_and_what_reduces_risk_is_not(@TempDir Path folder) throws Exception {
        var audit = new AuditFolder(folder).withQueue(32, 8);
        Files.createDirectory(folder.resolve(AuditStore.NAME));
        try (var trail = audit.open()) {
            var recorder = new HttpAudit(trail, new MaskedParameters(List.of()), audit.clock, _ -> Optional.empty());
            var order = recorder.of(route("POST", "/v1/orders", Role.TRADE));
            assertThat(order.refusal()).isEmpty();
            while (trail.refusal().isEmpty()) {
                trail.record(audit.entry("change"), Weight.CHANGE);
            }

            assertThat(order.refusal()).isPresent();
            for (var refused : List.of(
                    route("POST", "/v1/orders/{id}/modify", Role.TRADE),
                    route("POST", "/v1/parents", Role.TRADE),
                    route("PUT", "/v1/risk/limits", Role.OPERATOR),
                    route("POST", "/v1/keys", Role.ADMIN))) {
                assertThat(recorder.of(refused).refusal()).as(refused.path()).isPresent();
            }
            for (var made : List.of(
                    route("POST", "/v1/orders/{id}/cancel", Role.TRADE),
                    route("POST", "/v1/orders/cancel-all", Role.TRADE),
                    route("POST", "/v1/parents/{id}/cancel", Role.TRADE),
                    route("POST", "/v1/risk/kill-switch", Role.OPERATOR),
                    route("DELETE", "/v1/keys/{key}", Role.ADMIN),
                    route("GET", "/v1/balances", Role.TRADE),
                    route("GET", "/v1/quotes/{symbol}", Role.QUOTE))) {
                assertThat(recorder.of(made).refusal()).as(made.path()).isEmpty();
            }
        }
    }
}
