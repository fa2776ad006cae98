package kr.kisgateway.gateway.kis.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionAlertsTest {
    private static final Instant NOW = Instant.parse("2026-11-20T01:00:00Z");

    private final AlertLog log = new AlertLog(_ -> {});
    private final SessionAlerts alerts = new SessionAlerts(log, CodeTable.load(), InstantSource.fixed(NOW));

    private Alert only() {
        assertThat(log.newest(10)).hasSize(1);
        return log.newest(1).getFirst();
    }

    @Requirement(value = "I-04", clause = "use")
    @ParameterizedTest
    @CsvSource({"OPSP0017, CRITICAL, P1", "OPSP0008, HIGH, P2", "OPSP8991, MEDIUM, P3", "OPSP0002, INFO, P3"})
    void a_refused_registration_has_the_urgency_of_its_code(String code, Severity severity, String level) {
        assertThat(CodeTable.load().entry(code).orElseThrow().severity()).isEqualTo(severity);
        alerts.event("K1", new KisEvent.RegistrationRefused(new RealtimeKey("H0STCNT0", "005930"), code, "no"));
        assertThat(only().level()).isEqualTo(level);
        assertThat(only().message()).contains("trades of 005930", code);
        alerts.acked("K1", "trades of 005930");
        assertThat(only().settledAt()).isPresent();
    }

    @Test
    void the_login_id_of_notices_is_in_no_alert() {
        alerts.event("K1", new KisEvent.RegistrationRefused(new RealtimeKey("H0STCNI0", "mylogin"), "OPSP0017", "no"));
        assertThat(only().message()).contains("execution notices").doesNotContain("mylogin");
    }
}
