package kr.kisgateway.gateway.checklist;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.session.SessionView;

/** What is true now: backup, disk, clock, journal, orders, registrations. */
public final class StateChecks {
    /** The oldest that the newest backup may be: a day and two hours. */
    public static final Duration BACKUP_AGE = Duration.ofHours(26);
    /** Difference from which a clock fails: times of trades have whole seconds, and a trade needs some time to arrive. */
    public static final Duration CLOCK_LIMIT = Duration.ofSeconds(2);

    private static final BigDecimal BACKUP_HOURS = BigDecimal.valueOf(BACKUP_AGE.toHours());
    private static final BigDecimal CLOCK_SECONDS = BigDecimal.valueOf(CLOCK_LIMIT.toSeconds());
    private static final BigDecimal MINUTES_PER_HOUR = BigDecimal.valueOf(60);
    private static final BigDecimal MILLIS_PER_SECOND = BigDecimal.valueOf(1_000);

    private StateChecks() {}

    /** There is no daily backup. */
    public static CheckResult noBackup() {
        return CheckResult.notConfigured(
                CheckItem.BACKUP_AGE,
                "BACKUP_FOLDER is not set: no daily backup is made",
                "BACKUP_FOLDER 가 설정되지 않아 매일 백업을 만들지 않습니다");
    }

    /**
     * @param isRead whether the folder was read since the start
     * @param newest empty where the folder has none
     */
    public static CheckResult backup(boolean isRead, Optional<Instant> newest, Instant now) {
        if (!isRead) {
            return CheckResult.unknown(
                    CheckItem.BACKUP_AGE, BACKUP_HOURS, "the folder of backups cannot be read", "백업 폴더를 읽을 수 없습니다");
        }
        return newest.map(at -> CheckResult.of(
                        CheckItem.BACKUP_AGE,
                        BigDecimal.valueOf(Duration.between(at, now).toMinutes())
                                .divide(MINUTES_PER_HOUR, 1, RoundingMode.UP),
                        BACKUP_HOURS,
                        "made " + ApiValues.timeText(at),
                        "백업 시각 " + ApiValues.timeText(at)))
                .orElseGet(() -> new CheckResult(
                        CheckItem.BACKUP_AGE,
                        CheckResult.Status.FAIL,
                        Optional.empty(),
                        Optional.of(BACKUP_HOURS),
                        "there is no backup",
                        "백업이 없습니다"));
    }

    /** @param limitBytes below which no order is accepted; 0 disables that */
    public static CheckResult disk(long freeBytes, long limitBytes) {
        return limitBytes == 0
                ? CheckResult.notConfigured(
                        CheckItem.DISK_FREE,
                        freeBytes + " bytes; JOURNAL_DISK_LOW is 0",
                        freeBytes + "바이트. JOURNAL_DISK_LOW 가 0 입니다")
                : CheckResult.of(
                        CheckItem.DISK_FREE,
                        freeBytes,
                        limitBytes,
                        "below the limit no new order is accepted",
                        "기준보다 적으면 새 주문을 받지 않습니다");
    }

    /**
     * @param behind how far the machine's clock is behind the gateway's, since it was set back
     * @param leastDelay seconds by which even the fastest of the last minute's trades was late, negative where it was early
     */
    public static CheckResult clock(Duration behind, OptionalInt leastDelay) {
        var machine = BigDecimal.valueOf(behind.toMillis()).divide(MILLIS_PER_SECOND, 1, RoundingMode.UP);
        var exchange = BigDecimal.valueOf(leastDelay.orElse(0));
        var detail = "machine " + machine.toPlainString() + " s behind; "
                + (leastDelay.isPresent()
                        ? "trades arrive at least " + exchange + " s after the exchange's time"
                        : "no trade in the last minute to compare with");
        var detailKo = "컴퓨터 시계 " + machine.toPlainString() + "초 느림; "
                + (leastDelay.isPresent() ? "체결이 거래소 시각보다 최소 " + exchange + "초 뒤에 도착" : "최근 1분간 비교할 체결 없음");
        return CheckResult.of(CheckItem.CLOCK_OFFSET, machine.max(exchange.abs()), CLOCK_SECONDS, detail, detailKo);
    }

    public static CheckResult journal(boolean isWritable) {
        return CheckResult.of(
                CheckItem.JOURNAL,
                isWritable ? 0 : 1,
                0,
                isWritable ? "orders are recorded" : "the journal cannot be written: no order is accepted",
                isWritable ? "주문을 기록하고 있습니다" : "저널에 쓸 수 없어 주문을 받지 않습니다");
    }

    public static CheckResult unknownOrders(long unknown) {
        return CheckResult.of(
                CheckItem.UNKNOWN_ORDERS,
                unknown,
                0,
                unknown == 0 ? "no order is in doubt" : "./kis orders unresolved lists them",
                unknown == 0 ? "결과를 모르는 주문이 없습니다" : "./kis orders unresolved 로 확인합니다");
    }

    /** @param refused that the broker refuses now */
    public static CheckResult registrations(long refused, List<SessionView.AppKey> appKeys) {
        var used = appKeys.stream()
                .map(key -> key.id() + " " + key.status().registrations() + "/"
                        + key.status().registrationsMax())
                .collect(Collectors.joining(", "));
        return CheckResult.of(CheckItem.REGISTRATIONS, refused, 0, "in use: " + used, "사용 중: " + used);
    }
}
