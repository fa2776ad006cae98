package kr.kisgateway.gateway.incident;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Bounds the rows of a minute: the first {@value #SINGLE_MAX} of a group are rows of their own, the further ones of it one together at
 * the end of the minute. Pure and of one thread.
 */
final class RowLimiter {
    /** Rows of a group and minute with all their fields. */
    static final int SINGLE_MAX = 20;
    /** Groups of a minute; the others are one together. */
    static final int GROUPS_MAX = 200;

    private static final long MINUTE_MILLIS = 60_000;
    private static final String OTHERS = "others";

    /**
     * A row, or an occurrence that becomes a part of one.
     *
     * @param what the name of the row
     * @param group what occurrences have in common that are summed, as fields
     * @param fields all of them
     * @param single rows of the group in a minute before the others are summed, at most {@value RowLimiter#SINGLE_MAX}
     */
    record Row(Instant at, String what, String group, String fields, long count, int single) {
        /** A row that is summed in a flood alone. */
        static Row of(Instant at, String what, String group, String fields) {
            return new Row(at, what, group, fields, 1, SINGLE_MAX);
        }
    }

    private record Key(String what, String group) {}

    private static final class Group {
        private int rows;
        private long summed;
        private Optional<Instant> firstSummed = Optional.empty();
    }

    private final Map<Key, Group> groups = new LinkedHashMap<>();
    private long minute;

    /** The row to write for an occurrence, if it is not summed. */
    Optional<Row> take(Row row) {
        var key = new Key(row.what(), row.group());
        var counted = groups.containsKey(key) || groups.size() < GROUPS_MAX ? key : new Key(row.what(), OTHERS);
        var group = groups.computeIfAbsent(counted, _ -> new Group());
        if (counted.equals(key) && group.rows < row.single()) {
            group.rows++;
            return Optional.of(row);
        }
        group.summed += row.count();
        group.firstSummed = group.firstSummed.or(() -> Optional.of(row.at()));
        return Optional.empty();
    }

    /** The sums of a minute that is over; before, none. */
    List<Row> endMinute(Instant now) {
        long present = Math.floorDiv(now.toEpochMilli(), MINUTE_MILLIS);
        if (present == minute) {
            return List.of();
        }
        minute = present;
        return end();
    }

    /** The sums of the present minute, which ends now. */
    List<Row> end() {
        var sums = new ArrayList<Row>();
        groups.forEach((key, group) -> group.firstSummed.ifPresent(at -> sums.add(new Row(
                at,
                key.what(),
                key.group(),
                Fields.parse(key.group()).with(IncidentRows.SUMMED, "true").toString(),
                group.summed,
                0))));
        groups.clear();
        return sums;
    }
}
