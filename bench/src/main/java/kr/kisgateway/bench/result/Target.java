package kr.kisgateway.bench.result;

import java.util.Locale;

/**
 * The target of a figure.
 *
 * @param value the measured value
 * @param relation required relation to {@code limit}
 * @param unit of both, such as {@code ms} or {@code of the bare hub}
 */
public record Target(double value, Relation relation, double limit, String unit) {
    /** Required relation of a figure to its limit. */
    public enum Relation {
        AT_LEAST("≥"),
        AT_MOST("≤"),
        BELOW("<");

        private final String sign;

        Relation(String sign) {
            this.sign = sign;
        }
    }

    public static Target atLeast(double limit, double value, String unit) {
        return new Target(value, Relation.AT_LEAST, limit, unit);
    }

    public static Target atMost(double limit, double value, String unit) {
        return new Target(value, Relation.AT_MOST, limit, unit);
    }

    public static Target below(double limit, double value, String unit) {
        return new Target(value, Relation.BELOW, limit, unit);
    }

    public boolean isMet() {
        return switch (relation) {
            case AT_LEAST -> value >= limit;
            case AT_MOST -> value <= limit;
            case BELOW -> value < limit;
        };
    }

    /** Such as {@code ≥ 0.6 of the bare hub}. */
    public String describe() {
        return relation.sign + " " + number(limit) + " " + unit;
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%s", value);
    }
}
