package kr.kisgateway.wire.parse;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The records of an untyped TR.
 *
 * @param trId the TR as the frame names it
 * @param columns the catalog's names in wire order, capitals; empty for a TR missing in the catalog
 * @param records one list of raw values per record; it may be longer than {@code columns}, the rest being new columns
 *     without a name yet
 */
public record UntypedFrame(String trId, List<String> columns, List<List<String>> records) {

    /** The records one by one, each with its values by name. */
    public List<RealtimeRow> rows() {
        return records.stream()
                .map(values -> new RealtimeRow(trId, columns, values))
                .toList();
    }

    /** The value of {@code column} (any case) in record {@code index}, or empty when there is no such column. */
    public Optional<String> value(int index, String column) {
        int at = columns.indexOf(column.toUpperCase(Locale.ROOT));
        List<String> values = records.get(index);
        return at >= 0 && at < values.size() ? Optional.of(values.get(at)) : Optional.empty();
    }

    /** The frame without its values: they may be about an account. */
    @Override
    public String toString() {
        return "UntypedFrame[" + trId + " " + records.size() + " records]";
    }
}
