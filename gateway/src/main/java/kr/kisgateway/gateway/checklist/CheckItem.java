package kr.kisgateway.gateway.checklist;

import java.math.BigDecimal;
import java.util.Locale;

/** Every item of the checklist, in its order. */
public enum CheckItem {
    SECRET_EXPIRY(Rule.ABOVE, "days", "Days until the first stored secret expires", "가장 먼저 만료되는 저장된 비밀 정보까지 남은 일수"),
    API_KEY_EXPIRY(Rule.ABOVE, "days", "Days until the first API key expires", "가장 먼저 만료되는 API 키까지 남은 일수"),
    TOKEN_EXPIRY(
            Rule.ABOVE,
            "minutes",
            "Minutes until the first access token of KIS expires; one is valid for a day and renewed 5 minutes before its end",
            "가장 먼저 만료되는 KIS 접근 토큰까지 남은 분(24시간 유효, 만료 5분 전 자동 갱신)"),
    KIS_QUOTA(
            Rule.BELOW,
            "percent",
            "Calls to KIS today, of LIMITS_CALLS_PER_DAY",
            "오늘 KIS 호출 수의 LIMITS_CALLS_PER_DAY 대비 비율"),
    KRX_QUOTA(
            Rule.BELOW,
            "percent",
            "Calls to the exchange's Open API today, of those that it allows",
            "오늘 한국거래소 Open API 호출 수의 하루 한도 대비 비율"),
    DISCONNECTS(Rule.BELOW, "disconnects", "Disconnects of a WebSocket today", "오늘 웹소켓 연결이 끊긴 횟수"),
    CALL_SUCCESS(Rule.ABOVE, "percent", "Calls to KIS today that KIS answered", "오늘 KIS 호출 중 KIS가 응답한 비율"),
    CALL_AVERAGE(Rule.BELOW, "milliseconds", "Average time of the calls to KIS today", "오늘 KIS 호출의 평균 시간"),
    BACKUP_AGE(Rule.BELOW, "hours", "Age of the newest backup", "가장 최근 백업의 나이"),
    DISK_FREE(Rule.AT_LEAST, "bytes", "Free space of the data folder's disk", "데이터 폴더 디스크의 여유 공간"),
    CLOCK_OFFSET(
            Rule.AT_MOST,
            "seconds",
            "Difference between the gateway's clock and the machine's or the exchange's",
            "게이트웨이 시계와 컴퓨터 또는 거래소 시계의 차이"),
    JOURNAL(Rule.AT_MOST, "journals", "Journals that cannot be written", "쓸 수 없는 저널"),
    UNKNOWN_ORDERS(Rule.AT_MOST, "orders", "Orders that are UNKNOWN", "결과를 알 수 없는 주문"),
    REGISTRATIONS(
            Rule.AT_MOST,
            "registrations",
            "Registrations that KIS refuses and that are not confirmed since",
            "KIS가 거부하고 그 뒤 확인하지 않은 실시간 등록");

    /** How a figure that passes compares with the limit. */
    public enum Rule {
        BELOW,
        ABOVE,
        AT_MOST,
        AT_LEAST;

        boolean holds(BigDecimal figure, BigDecimal limit) {
            int compared = figure.compareTo(limit);
            return switch (this) {
                case BELOW -> compared < 0;
                case ABOVE -> compared > 0;
                case AT_MOST -> compared <= 0;
                case AT_LEAST -> compared >= 0;
            };
        }

        /** The word in answers. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Rule rule;
    private final String unit;
    private final String title;
    private final String titleKo;

    CheckItem(Rule rule, String unit, String title, String titleKo) {
        this.rule = rule;
        this.unit = unit;
        this.title = title;
        this.titleKo = titleKo;
    }

    /** The word in answers and meters. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public Rule rule() {
        return rule;
    }

    /** Unit of the figure and of the limit. */
    public String unit() {
        return unit;
    }

    /** What the figure is. */
    public String title() {
        return title;
    }

    /** The same in Korean. */
    public String titleKo() {
        return titleKo;
    }
}
