package kr.kisgateway.gateway.checklist;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/**
 * An item now.
 *
 * @param figure empty where there is none now
 * @param limit empty where nothing is to be compared with
 * @param detail what the figure consists of, or why there is none
 * @param detailKo the same in Korean
 */
public record CheckResult(
        CheckItem item,
        Status status,
        Optional<BigDecimal> figure,
        Optional<BigDecimal> limit,
        String detail,
        String detailKo) {
    /** The verdict. */
    public enum Status {
        PASS,
        FAIL,
        /** There is no figure now. */
        UNKNOWN,
        /** There is nothing to compare with. */
        NOT_CONFIGURED;

        /** The word in answers. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static CheckResult of(CheckItem item, BigDecimal figure, BigDecimal limit, String detail, String detailKo) {
        return new CheckResult(
                item,
                item.rule().holds(figure, limit) ? Status.PASS : Status.FAIL,
                Optional.of(figure),
                Optional.of(limit),
                detail,
                detailKo);
    }

    static CheckResult of(CheckItem item, long figure, long limit, String detail, String detailKo) {
        return of(item, BigDecimal.valueOf(figure), BigDecimal.valueOf(limit), detail, detailKo);
    }

    static CheckResult unknown(CheckItem item, BigDecimal limit, String detail, String detailKo) {
        return new CheckResult(item, Status.UNKNOWN, Optional.empty(), Optional.of(limit), detail, detailKo);
    }

    static CheckResult notConfigured(CheckItem item, String detail, String detailKo) {
        return new CheckResult(item, Status.NOT_CONFIGURED, Optional.empty(), Optional.empty(), detail, detailKo);
    }

    boolean fails() {
        return status == Status.FAIL;
    }

    /** Whether there is a verdict. */
    boolean isEvaluated() {
        return status == Status.PASS || status == Status.FAIL;
    }
}
