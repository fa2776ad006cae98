package kr.kisgateway.gateway.checklist;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.access.ApiKey;
import kr.kisgateway.gateway.secret.StoredSecret;
import kr.kisgateway.gateway.session.SessionView;
import kr.kisgateway.market.TradingCalendar;

/** What expires: stored secrets, API keys, and the access tokens of the broker. */
public final class ExpiryChecks {
    /** Days ahead within which nothing may expire. */
    public static final int DAYS_AHEAD = 7;
    /** A token is renewed five minutes before its end; less than this is left only when that failed. */
    static final int TOKEN_MINUTES = 4;

    private static final BigDecimal DAYS = BigDecimal.valueOf(DAYS_AHEAD);

    private ExpiryChecks() {}

    private record Expiring(String name, LocalDate day) {}

    /** @param secrets those that this process uses */
    public static CheckResult secrets(Collection<StoredSecret> secrets, Instant now) {
        var dated = secrets.stream()
                .flatMap(secret -> secret.expiresOn().stream().map(day -> new Expiring(secret.name(), day)))
                .toList();
        return first(
                CheckItem.SECRET_EXPIRY,
                dated,
                now,
                secrets.size() - dated.size() + " without an expiry date",
                "만료일 없음 " + (secrets.size() - dated.size()) + "개");
    }

    /** Keys that are valid now; a key without an expiry never expires. */
    public static CheckResult apiKeys(Collection<ApiKey> keys, Instant now) {
        var valid = keys.stream()
                .filter(key -> key.state(now) == ApiKey.State.VALID)
                .toList();
        var dated = valid.stream()
                .flatMap(key -> key.expiresAt().stream()
                        .map(at -> new Expiring(key.name(), LocalDate.ofInstant(at, TradingCalendar.SEOUL))))
                .toList();
        return first(
                CheckItem.API_KEY_EXPIRY,
                dated,
                now,
                valid.size() - dated.size() + " without an expiry",
                "만료 없음 " + (valid.size() - dated.size()) + "개");
    }

    private static CheckResult first(
            CheckItem item, List<Expiring> dated, Instant now, String others, String othersKo) {
        var first = dated.stream().min(Comparator.comparing(Expiring::day));
        if (first.isEmpty()) {
            return CheckResult.notConfigured(
                    item, "none has an expiry date; " + others, "만료일이 있는 항목이 없습니다. " + othersKo);
        }
        var today = LocalDate.ofInstant(now, TradingCalendar.SEOUL);
        var soon = dated.stream()
                .filter(it -> ChronoUnit.DAYS.between(today, it.day()) <= DAYS_AHEAD)
                .sorted(Comparator.comparing(Expiring::day))
                .map(it -> it.name() + " " + it.day())
                .collect(Collectors.joining(", "));
        var shown = soon.isEmpty() ? first.get().name() + " " + first.get().day() : soon;
        return CheckResult.of(
                item,
                BigDecimal.valueOf(ChronoUnit.DAYS.between(today, first.get().day())),
                DAYS,
                shown + "; " + others,
                shown + "; " + othersKo);
    }

    /** The broker's access tokens. */
    public static CheckResult tokens(List<SessionView.AppKey> appKeys, Instant now) {
        var withoutToken = appKeys.stream()
                .filter(key -> key.status().tokenExpiresAt().isEmpty())
                .map(SessionView.AppKey::id)
                .collect(Collectors.joining(", "));
        Optional<Instant> first = appKeys.stream()
                .flatMap(key -> key.status().tokenExpiresAt().stream())
                .min(Comparator.naturalOrder());
        long minutes = withoutToken.isEmpty()
                ? first.map(end -> Duration.between(now, end).toMinutes()).orElse(0L)
                : 0;
        return CheckResult.of(
                CheckItem.TOKEN_EXPIRY,
                Math.max(0, minutes),
                TOKEN_MINUTES,
                withoutToken.isEmpty()
                        ? appKeys.size() + (appKeys.size() == 1 ? " app key has a token" : " app keys have a token")
                        : withoutToken + " without a token",
                withoutToken.isEmpty() ? "앱키 " + appKeys.size() + "개에 토큰이 있습니다" : withoutToken + ": 토큰 없음");
    }
}
