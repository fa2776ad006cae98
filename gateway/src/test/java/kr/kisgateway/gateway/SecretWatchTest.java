package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.secret.MasterKeys;
import kr.kisgateway.gateway.secret.StoredSecret;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

@Requirement("A-14")
class SecretWatchTest {
    private static final Instant SET_AT = Instant.parse("2026-11-20T00:00:00Z");
    private static final LocalDate EXPIRES = LocalDate.of(2027, 1, 31);

    private Instant now = SET_AT;
    private final List<Alert> raised = new ArrayList<>();
    private final AlertLog alerts = new AlertLog(raised::add);

    @Test
    void each_stage_before_the_expiry_raises_one_alert() {
        var levels = levels(OptionalInt.empty(), Optional.of(EXPIRES), 75);
        // 30 days before, 7 days before, and the day after the last.
        assertThat(levels).containsExactly("2027-01-01 P3", "2027-01-24 P2", "2027-02-01 P2");
        assertThat(raised).last().satisfies(it -> assertThat(it.message()).contains("expired on 2027-01-31"));
        assertThat(raised).allSatisfy(it -> assertThat(it.message()).doesNotContain("planted"));
    }

    @Requirement(value = "A-14", clause = "reminder")
    @Test
    void an_old_secret_raises_one_alert_at_its_age() {
        assertThat(levels(OptionalInt.of(30), Optional.empty(), 75)).containsExactly("2026-12-20 P3");
    }

    @Test
    void without_dates_and_reminder_there_is_no_alert() {
        assertThat(levels(OptionalInt.empty(), Optional.empty(), 75)).isEmpty();
    }

    @Test
    void a_gateway_that_starts_after_the_expiry_raises_one_alert() {
        now = SET_AT.plus(Duration.ofDays(100));
        assertThat(levels(OptionalInt.empty(), Optional.of(EXPIRES), 3)).hasSize(1);
    }

    private List<String> levels(OptionalInt remindAfter, Optional<LocalDate> expires, int days) {
        var secret = new StoredSecret("KIS_APP_SECRET", Secret.of("planted"), SET_AT, expires);
        var secrets =
                new Settings.Secrets(MasterKeys.inFile(Path.of("config")), Map.of(secret.name(), secret), remindAfter);
        var watch = new SecretWatch(secrets, alerts, () -> now);
        var levels = new ArrayList<String>();
        for (int hour = 0; hour < days * 24; hour++) {
            int before = raised.size();
            watch.check();
            raised.stream()
                    .skip(before)
                    .forEach(alert ->
                            levels.add(now.atZone(TradingCalendar.SEOUL).toLocalDate() + " " + alert.level()));
            now = now.plus(Duration.ofHours(1));
        }
        return levels;
    }
}
