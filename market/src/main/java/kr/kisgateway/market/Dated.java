package kr.kisgateway.market;

import java.time.LocalDate;
import java.util.List;

/**
 * A rule and the first date on which it applies. A table of rules is a list of these, oldest first; a new rule is a new
 * row at its end.
 */
public record Dated<T>(LocalDate from, T rule) {
    /** As the constructor, with the date as {@code yyyy-MM-dd}. */
    public static <T> Dated<T> from(String date, T rule) {
        return new Dated<>(LocalDate.parse(date), rule);
    }

    /**
     * The rule in force on {@code date}.
     *
     * @throws IllegalArgumentException when {@code date} is before the table: a guess would be worse
     */
    public static <T> T on(LocalDate date, List<Dated<T>> table) {
        for (int i = table.size() - 1; i >= 0; i--) {
            if (!date.isBefore(table.get(i).from())) {
                return table.get(i).rule();
            }
        }
        throw new IllegalArgumentException("there is no rule for " + date + ": the table begins on "
                + table.getFirst().from());
    }
}
