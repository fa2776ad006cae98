package kr.kisgateway.gateway.checklist;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.checklist.DayFigures.Figures;
import kr.kisgateway.market.TradingCalendar;

/** The calls of the day and the connections. Rounded so that rounding makes no figure pass. */
public final class CallChecks {
    private static final BigDecimal QUOTA_PERCENT = BigDecimal.valueOf(80);
    private static final BigDecimal SUCCESS_PERCENT = new BigDecimal("99.5");
    private static final BigDecimal AVERAGE_MILLIS = BigDecimal.valueOf(500);
    private static final int DISCONNECTS = 5;
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final BigDecimal NANOS_PER_MILLI = BigDecimal.valueOf(1_000_000);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private CallChecks() {}

    /** @param allowed {@code LIMITS_CALLS_PER_DAY}; empty where it is not set */
    public static CheckResult kisQuota(Figures today, OptionalLong allowed) {
        if (allowed.isEmpty()) {
            return CheckResult.notConfigured(
                    CheckItem.KIS_QUOTA,
                    today.calls() + " calls" + since(today) + "; LIMITS_CALLS_PER_DAY is not set",
                    today.calls() + "회" + sinceKo(today) + ". LIMITS_CALLS_PER_DAY 가 설정되지 않았습니다");
        }
        return CheckResult.of(
                CheckItem.KIS_QUOTA,
                percent(today.calls(), allowed.getAsLong(), RoundingMode.UP),
                QUOTA_PERCENT,
                today.calls() + " of " + allowed.getAsLong() + " calls" + since(today),
                allowed.getAsLong() + "회 중 " + today.calls() + "회" + sinceKo(today));
    }

    /**
     * @param calls of today in Seoul, also those before the start
     * @param allowed by the exchange; 0 without a key
     */
    public static CheckResult krxQuota(long calls, long allowed) {
        return allowed == 0
                ? CheckResult.notConfigured(
                        CheckItem.KRX_QUOTA,
                        "KRX_AUTH_KEY is not set: nothing is requested",
                        "KRX_AUTH_KEY 가 설정되지 않아 호출하지 않습니다")
                : CheckResult.of(
                        CheckItem.KRX_QUOTA,
                        percent(calls, allowed, RoundingMode.UP),
                        QUOTA_PERCENT,
                        calls + " of " + allowed + " calls today",
                        "오늘 " + allowed + "회 중 " + calls + "회");
    }

    /** @param appKeys whose sockets are counted */
    public static CheckResult disconnects(Figures today, List<String> appKeys) {
        int most = appKeys.stream()
                .mapToInt(key -> today.disconnects().getOrDefault(key, 0))
                .max()
                .orElse(0);
        var each = appKeys.stream()
                .map(key -> key + " " + today.disconnects().getOrDefault(key, 0))
                .collect(Collectors.joining(", "));
        return CheckResult.of(CheckItem.DISCONNECTS, most, DISCONNECTS, each + since(today), each + sinceKo(today));
    }

    /** A refusal by rule is an answer; one for the call rate is a failure. */
    public static CheckResult success(Figures today) {
        if (today.calls() == 0) {
            return CheckResult.unknown(
                    CheckItem.CALL_SUCCESS, SUCCESS_PERCENT, "no call" + since(today), "호출 없음" + sinceKo(today));
        }
        return CheckResult.of(
                CheckItem.CALL_SUCCESS,
                percent(today.calls() - today.failed(), today.calls(), RoundingMode.DOWN),
                SUCCESS_PERCENT,
                today.failed() + " of " + today.calls() + " calls without an answer, or refused for the call rate; "
                        + today.refused() + " refused otherwise" + since(today),
                today.calls() + "회 중 무응답·호출 한도 초과 " + today.failed() + "회, 그 밖의 거부 " + today.refused() + "회"
                        + sinceKo(today));
    }

    public static CheckResult average(Figures today) {
        if (today.calls() == 0) {
            return CheckResult.unknown(
                    CheckItem.CALL_AVERAGE, AVERAGE_MILLIS, "no call" + since(today), "호출 없음" + sinceKo(today));
        }
        return CheckResult.of(
                CheckItem.CALL_AVERAGE,
                BigDecimal.valueOf(today.time().toNanos())
                        .divide(NANOS_PER_MILLI.multiply(BigDecimal.valueOf(today.calls())), 1, RoundingMode.UP),
                AVERAGE_MILLIS,
                today.calls() + " calls, without their waits for the call budget" + since(today),
                today.calls() + "회, 호출 한도 대기 시간 제외" + sinceKo(today));
    }

    private static BigDecimal percent(long part, long whole, RoundingMode rounding) {
        return BigDecimal.valueOf(part).multiply(HUNDRED).divide(BigDecimal.valueOf(whole), 2, rounding);
    }

    private static String since(Figures today) {
        return isWholeDay(today) ? " today" : " since the start at " + time(today.since());
    }

    private static String sinceKo(Figures today) {
        return isWholeDay(today) ? " (오늘)" : " (" + time(today.since()) + " 시작 이후)";
    }

    private static boolean isWholeDay(Figures today) {
        return LocalDate.ofInstant(today.since(), TradingCalendar.SEOUL)
                .atStartOfDay(TradingCalendar.SEOUL)
                .toInstant()
                .equals(today.since());
    }

    private static String time(Instant at) {
        return TIME.format(at.atZone(TradingCalendar.SEOUL));
    }
}
