package kr.kisgateway.client.source;

import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One bar of a chart (봉), in won and shares.
 *
 * @param date the trading day; of a week or month the last day in it that has traded
 * @param time start of a bar of minutes (KST); empty for days and longer
 * @param open first price
 * @param high highest price
 * @param low lowest price
 * @param close last price
 * @param volume shares traded
 * @param turnover won traded, where the source has it
 */
public record Bar(
        LocalDate date,
        Optional<LocalTime> time,
        long open,
        long high,
        long low,
        long close,
        long volume,
        OptionalLong turnover)
        implements SourceValue {
    @Override
    public String kind() {
        return "bar";
    }

    @Override
    public Map<String, Object> fields() {
        return new Fields()
                .with(
                        "date",
                        time.map(it -> DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(date.atTime(it)))
                                .orElse(date.toString()))
                .with("open", open)
                .with("high", high)
                .with("low", low)
                .with("close", close)
                .with("volume", volume)
                .with("turnover", turnover)
                .map();
    }
}
