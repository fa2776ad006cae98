package kr.kisgateway.client.source;

import java.util.Map;

/** A value of a source, as fields with names: for printing, and for {@link OldNames}. */
public sealed interface SourceValue permits SourcePrice, SourceBook, SourceBook.Level, Bar, StockInfo {
    /** The kind of value: {@code price}, {@code book}, {@code level}, {@code bar} or {@code info}. */
    String kind();

    /**
     * Every field that has a value, by our name, in a fixed order: numbers as {@link Long} or
     * {@link java.math.BigDecimal}, texts and dates as {@link String}, levels as a list. Absent values have no entry.
     */
    Map<String, Object> fields();
}
