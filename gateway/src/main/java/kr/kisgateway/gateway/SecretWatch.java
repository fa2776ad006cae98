package kr.kisgateway.gateway;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.secret.StoredSecret;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.TradingCalendar;

/**
 * Reminds operators of stored secrets that expire or are old; {@link #check} is to be called every hour. Each stage of a secret
 * raises one alert: 30 days before it expires, 7 days before, and when it has expired.
 */
final class SecretWatch {
    private static final int REMIND_DAYS = 30;
    private static final int URGENT_DAYS = 7;

    private final Settings.Secrets secrets;
    private final AlertLog alerts;
    private final InstantSource clock;
    private final Map<String, Stage> expiring = new HashMap<>();
    private final Map<String, Boolean> old = new HashMap<>();

    private enum Stage {
        VALID,
        SOON,
        VERY_SOON,
        EXPIRED
    }

    SecretWatch(Settings.Secrets secrets, AlertLog alerts, InstantSource clock) {
        this.secrets = secrets;
        this.alerts = alerts;
        this.clock = clock;
    }

    void check() {
        secrets.stored().values().forEach(secret -> {
            secret.expiresOn().ifPresent(day -> checkExpiry(secret, day));
            secrets.remindAfterDays().ifPresent(days -> checkAge(secret, days));
        });
    }

    private void checkExpiry(StoredSecret secret, LocalDate day) {
        var today = clock.instant().atZone(TradingCalendar.SEOUL).toLocalDate();
        long left = ChronoUnit.DAYS.between(today, day);
        var stage = left < 0
                ? Stage.EXPIRED
                : left <= URGENT_DAYS ? Stage.VERY_SOON : left <= REMIND_DAYS ? Stage.SOON : Stage.VALID;
        var before = Optional.ofNullable(expiring.put(secret.name(), stage)).orElse(Stage.VALID);
        if (stage.compareTo(before) > 0) {
            raise(
                    stage == Stage.SOON ? "P3" : "P2",
                    AlertEvent.SECRET_EXPIRES,
                    secret,
                    stage == Stage.EXPIRED ? " expired on " + day : " expires in " + left + " days, on " + day);
        }
    }

    private void checkAge(StoredSecret secret, int remindAfterDays) {
        long age = ChronoUnit.DAYS.between(secret.setAt(), clock.instant());
        if (age >= remindAfterDays && old.put(secret.name(), true) == null) {
            raise("P3", AlertEvent.SECRET_OLD, secret, " was set " + age + " days ago");
        }
    }

    private void raise(String level, AlertEvent kind, StoredSecret secret, String what) {
        alerts.raise(Alert.of(
                clock.instant(),
                level,
                kind,
                secret.name(),
                "The stored secret " + secret.name() + what
                        + ": request another one where it was issued, then ./kis secrets" + " set " + secret.name()
                        + ", and restart the gateway."));
    }
}
