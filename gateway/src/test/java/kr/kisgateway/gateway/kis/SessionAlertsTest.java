package kr.kisgateway.gateway.kis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.bar.MinuteSource;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionAlertsTest {
    private static final Symbol SAMSUNG = Symbol.parse("005930").orElseThrow();

    private Instant now = Instant.parse("2026-11-20T01:00:00Z");
    private final InstantSource clock = () -> now;
    private final List<Alert> published = new ArrayList<>();
    private final AlertLog log = new AlertLog(published::add);
    private final SessionAlerts alerts = new SessionAlerts(log, CodeTable.load(), clock);

    private Alert only() {
        assertThat(log.newest(10)).hasSize(1);
        return log.newest(1).getFirst();
    }

    @Test
    @Requirement(value = "A-13", clause = "once")
    void three_failed_requests_for_minutes_raise_one_alert_until_one_succeeds() {
        var answer = new ArrayList<Optional<List<MinuteSource.Minute>>>();
        var source = alerts.withAlerts((_, _, _) -> answer.getFirst());
        answer.add(Optional.empty());
        for (int i = 1; i < 3; i++) {
            source.minutes(SAMSUNG, 1, 2);
            assertThat(log.newest(10)).isEmpty();
        }
        source.minutes(SAMSUNG, 1, 2);
        source.minutes(SAMSUNG, 1, 2);
        assertThat(only().event()).isEqualTo("gap_not_repaired");
        assertThat(only().message()).contains("bars of 005930");
        answer.set(0, Optional.of(List.of()));
        now = now.plusSeconds(20);
        source.minutes(SAMSUNG, 1, 2);
        assertThat(only().settledAt()).contains(now);
        assertThat(published).hasSize(2);
    }

    @Test
    void a_socket_outage_outside_market_hours_raises_no_alert() {
        alerts.check(false, Map.of("K1", false));
        now = now.plus(Duration.ofHours(1));
        alerts.check(false, Map.of("K1", false));
        assertThat(log.newest(10)).isEmpty();
        alerts.check(true, Map.of("K1", false));
        now = now.plusSeconds(29);
        alerts.check(true, Map.of("K1", false));
        assertThat(log.newest(10)).isEmpty();
        now = now.plusSeconds(1);
        alerts.check(true, Map.of("K1", false));
        alerts.check(true, Map.of("K1", false));
        assertThat(only().event()).isEqualTo("feed_down");
        alerts.check(true, Map.of("K1", true));
        assertThat(only().settledAt()).contains(now);
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
