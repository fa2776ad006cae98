package kr.kisgateway.client.source;

import java.util.Map;

/** What a source tells, as fields with names: for printing, and for {@link OldNames}. */
public sealed interface SourceValue permits SourcePrice, SourceBook, SourceBook.Level, Bar, StockInfo {
    /** Which kind of value it is: {@code price}, {@code book}, {@code level}, {@code bar} or {@code info}. */
    String kind();

    /**
     * Every field that has a value, by our name, in a fixed order: numbers as {@link Long} or
     * {@link java.math.BigDecimal}, texts and dates as {@link String}, levels as a list. What is absent has no entry.
     */
    Map<String, Object> fields();
}
