package kr.kisgateway.gateway.alert;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The figures by which a kind of alert is raised. {@code rules} of {@code alerts.yaml} may change them; {@code docs/ALERTS.md} has the
 * same rows, a test compares the two.
 */
public enum RuleFigure {
    FEED_DOWN_AFTER(AlertEvent.FEED_DOWN, "after", Unit.SECONDS, 30, 5, 600, "time without a connection", "접속이 끊긴 시간"),
    ORDER_FAILURES_PERCENT(
            AlertEvent.ORDER_FAILURES,
            "percent",
            Unit.PERCENT,
            10,
            1,
            99,
            "more than this share of the orders failed",
            "실패한 주문의 비율(초과)"),
    ORDER_FAILURES_WINDOW(
            AlertEvent.ORDER_FAILURES, "window", Unit.SECONDS, 300, 10, 3_600, "within this time", "집계 시간"),
    ORDER_FAILURES_LEAST(
            AlertEvent.ORDER_FAILURES,
            "least",
            Unit.COUNT,
            10,
            1,
            10_000,
            "orders that there have to be at least",
            "최소 주문 수"),
    DAILY_ORDERS_PERCENT(
            AlertEvent.DAILY_ORDERS_USED,
            "percent",
            Unit.PERCENT,
            80,
            1,
            100,
            "this share of the orders of a day is used",
            "하루 주문 한도의 사용 비율"),
    ORDERS_CORRECTED_WINDOW(
            AlertEvent.ORDERS_CORRECTED, "window", Unit.SECONDS, 300, 10, 3_600, "within this time", "집계 시간"),
    ORDERS_CORRECTED_LEAST(
            AlertEvent.ORDERS_CORRECTED, "least", Unit.COUNT, 1, 1, 10_000, "corrections at least", "최소 정정 건수"),
    ORDERS_ADOPTED_WINDOW(
            AlertEvent.ORDERS_ADOPTED, "window", Unit.SECONDS, 300, 10, 3_600, "within this time", "집계 시간"),
    ORDERS_ADOPTED_LEAST(AlertEvent.ORDERS_ADOPTED, "least", Unit.COUNT, 1, 1, 10_000, "orders at least", "최소 주문 수"),
    BUDGET_WAITS_LONGER(
            AlertEvent.BUDGET_WAITS,
            "longer-than",
            Unit.SECONDS,
            3,
            1,
            60,
            "a call waited for longer than this",
            "호출이 기다린 시간(초과)"),
    BUDGET_WAITS_WINDOW(AlertEvent.BUDGET_WAITS, "window", Unit.SECONDS, 60, 10, 3_600, "within this time", "집계 시간"),
    BUDGET_WAITS_LEAST(
            AlertEvent.BUDGET_WAITS,
            "least",
            Unit.COUNT,
            10,
            1,
            100_000,
            "such calls, and calls refused for lack of a slot, at least",
            "오래 기다렸거나 거부된 호출의 최소 수"),
    REGISTRATIONS_FULL_AFTER(
            AlertEvent.REGISTRATIONS_FULL,
            "after",
            Unit.SECONDS,
            60,
            1,
            3_600,
            "time for which there were too many",
            "초과 상태가 이어진 시간"),
    REGISTRATIONS_FULL_LEAST(
            AlertEvent.REGISTRATIONS_FULL,
            "least",
            Unit.COUNT,
            1,
            1,
            10_000,
            "symbols without a registration at least",
            "등록하지 못한 종목의 최소 수"),
    LOGIN_FAILURES_WINDOW(
            AlertEvent.LOGIN_FAILURES, "window", Unit.SECONDS, 300, 10, 3_600, "within this time", "집계 시간"),
    LOGIN_FAILURES_LEAST(
            AlertEvent.LOGIN_FAILURES,
            "least",
            Unit.COUNT,
            10,
            2,
            10_000,
            "refused keys from one address at least",
            "한 주소에서 거부된 키의 최소 수"),
    KEY_EXPIRES_BEFORE(AlertEvent.KEY_EXPIRES, "before", Unit.DAYS, 14, 1, 90, "time before it expires", "만료 전 기간"),
    CLOCK_STEPPED_BY(AlertEvent.CLOCK_STEPPED, "longer-than", Unit.SECONDS, 2, 1, 60, "at least so far", "바뀐 시간(이상)");

    /** What the figure counts, and how {@code alerts.yaml} writes it. */
    public enum Unit {
        /** As {@code 30s}, {@code 5m} or {@code 1h}. */
        SECONDS("s"),
        /** As {@code 14d}. */
        DAYS("d"),
        /** A whole number. */
        PERCENT(" %"),
        /** A whole number. */
        COUNT("");

        private final String sign;

        Unit(String sign) {
            this.sign = sign;
        }

        String text(long figure) {
            if (this != SECONDS || figure % 60 != 0) {
                return figure + sign;
            }
            return figure % 3_600 == 0 ? figure / 3_600 + "h" : figure / 60 + "m";
        }
    }

    private final AlertEvent event;
    private final String member;
    private final Unit unit;
    private final long usual;
    private final long min;
    private final long max;
    private final String meaning;
    private final String meaningKo;

    RuleFigure(
            AlertEvent event,
            String member,
            Unit unit,
            long usual,
            long min,
            long max,
            String meaning,
            String meaningKo) {
        this.event = event;
        this.member = member;
        this.unit = unit;
        this.usual = usual;
        this.min = min;
        this.max = max;
        this.meaning = meaning;
        this.meaningKo = meaningKo;
    }

    /** The figures of a kind of alert. */
    public static List<RuleFigure> of(AlertEvent event) {
        return Arrays.stream(values()).filter(it -> it.event == event).toList();
    }

    /** The figure of {@code event} with the name {@code member}. */
    public static Optional<RuleFigure> of(AlertEvent event, String member) {
        return of(event).stream().filter(it -> it.member.equals(member)).findFirst();
    }

    /** Its name in {@code alerts.yaml}. */
    public String member() {
        return member;
    }

    public Unit unit() {
        return unit;
    }

    /** Without another one in the file. */
    long usual() {
        return usual;
    }

    public long min() {
        return min;
    }

    public long max() {
        return max;
    }

    /** The bounds, as a person writes them. */
    public String range() {
        return unit.text(min) + " to " + unit.text(max);
    }

    /** Its row in the document: the event, the member, what it means, default and bounds. */
    String row() {
        return "| `" + event.publicName() + "` | `" + member + "` | " + meaning + " | " + meaningKo + " | "
                + unit.text(usual) + " | " + range() + " |";
    }

    /** A figure that is a time. */
    static Duration duration(Unit unit, long figure) {
        return unit == Unit.DAYS ? Duration.ofDays(figure) : Duration.ofSeconds(figure);
    }
}
