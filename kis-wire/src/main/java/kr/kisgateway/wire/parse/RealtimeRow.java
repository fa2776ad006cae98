package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One record of an untyped realtime TR, its values by the names of the catalog in any case. A value
 * of the wrong form is a {@link BadFieldException}, which names the column; use {@link ParseResult#of} to get a value
 * instead.
 *
 * @param trId the TR as the frame names it
 * @param columns the catalog's names in wire order, capitals; empty for a TR missing in the catalog
 * @param values as received; surplus ones are columns without a name yet
 */
public record RealtimeRow(String trId, List<String> columns, List<String> values) {

    /** The text of {@code column}, trimmed; blank is allowed, absent is not. */
    public String text(String column) {
        return find(column).orElseThrow(() -> BadFieldException.missing(column));
    }

    /** The text of {@code column}, or {@code substitute} when it is absent or blank. */
    public String textOr(String column, String substitute) {
        return value(column).orElse(substitute);
    }

    /** Whole won, signed. */
    public long won(String column) {
        return Row.wholeNumber(column, requiredText(column));
    }

    /** As {@link #won}, or {@code substitute} when absent or blank. */
    public long wonOr(String column, long substitute) {
        return value(column).map(text -> Row.wholeNumber(column, text)).orElse(substitute);
    }

    /** A number of shares or contracts, 0 or more. */
    public long shares(String column) {
        return Row.notNegative(column, requiredText(column));
    }

    /** As {@link #shares}, or {@code substitute} when absent or blank. */
    public long sharesOr(String column, long substitute) {
        return value(column).map(text -> Row.notNegative(column, text)).orElse(substitute);
    }

    /** A day written as {@code yyyyMMdd}; empty when absent or blank. */
    public Optional<LocalDate> dateIfAny(String column) {
        return value(column).map(text -> Row.date(column, text));
    }

    /** A decimal with the scale KIS wrote. */
    public BigDecimal decimal(String column) {
        return Row.decimal(column, requiredText(column));
    }

    /** As {@link #decimal(String)}, or {@code substitute} when absent or blank. */
    public BigDecimal decimalOr(String column, BigDecimal substitute) {
        return value(column).map(text -> Row.decimal(column, text)).orElse(substitute);
    }

    /** A time of day written as {@code HHmmss}; empty when absent or blank. */
    public Optional<LocalTime> timeIfAny(String column) {
        return value(column).map(text -> Row.time(column, text));
    }

    /** The values of columns that have no name yet, in wire order. */
    public List<String> extra() {
        return values.subList(Math.min(columns.size(), values.size()), values.size());
    }

    /** The record without its values: they may be about an account. */
    @Override
    public String toString() {
        return "RealtimeRow[" + trId + " " + values.size() + " values]";
    }

    private Optional<String> find(String column) {
        int at = columns.indexOf(column.toUpperCase(Locale.ROOT));
        return at >= 0 && at < values.size() ? Optional.of(values.get(at).strip()) : Optional.empty();
    }

    private Optional<String> value(String column) {
        return find(column).filter(text -> !text.isEmpty());
    }

    private String requiredText(String column) {
        return value(column).orElseThrow(() -> BadFieldException.missing(column));
    }
}
