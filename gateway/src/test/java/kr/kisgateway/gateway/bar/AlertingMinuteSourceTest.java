package kr.kisgateway.gateway.bar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

class AlertingMinuteSourceTest {
    private static final Symbol SAMSUNG = Symbol.of("005930");

    private Instant now = Instant.parse("2026-11-20T01:00:00Z");
    private final List<Alert> published = new ArrayList<>();
    private final AlertLog log = new AlertLog(published::add);
    private Optional<List<MinuteSource.Minute>> answer = Optional.empty();
    private final MinuteSource source =
            new AlertingMinuteSource((_, _, _) -> answer, new AlertSource(log, AlertEvent.GAP_NOT_REPAIRED, () -> now));

    @Test
    @Requirement(value = "A-13", clause = "once")
    void three_failed_requests_for_minutes_raise_one_alert_until_one_succeeds() {
        for (int i = 1; i < 3; i++) {
            source.minutes(SAMSUNG, 1, 2);
            assertThat(log.newest(10)).isEmpty();
        }
        source.minutes(SAMSUNG, 1, 2);
        source.minutes(SAMSUNG, 1, 2);
        var alert = log.newest(10);
        assertThat(alert).hasSize(1);
        assertThat(alert.getFirst().event()).isEqualTo("gap_not_repaired");
        assertThat(alert.getFirst().message()).contains("bars of 005930");
        answer = Optional.of(List.of());
        now = now.plusSeconds(20);
        source.minutes(SAMSUNG, 1, 2);
        source.minutes(SAMSUNG, 1, 2);
        assertThat(log.newest(1).getFirst().settledAt()).contains(now);
        assertThat(published).hasSize(2);
    }
}
