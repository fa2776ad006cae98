package kr.kisgateway.client.source;

import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.client.fetch.ResourceTable;

/**
 * The field names of the older market-data client, for programs that were written for it. The table is data
 * ({@code old-names.tsv}); what has no old name is not printed, absent values have no entry. Dates of bars are written
 * as KIS writes them, and a level of the book always has a {@code count}: 0, because KIS does not publish it.
 */
public final class OldNames {
    /**
     * One row of the table.
     *
     * @param kind of value: {@link SourceValue#kind}
     * @param currentName our name
     * @param oldName the older client's name
     * @param meaning unit or shape
     */
    public record Name(String kind, String currentName, String oldName, String meaning) {}

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");

    private final List<Name> names;

    private OldNames(List<Name> names) {
        this.names = names;
    }

    /** Reads the table. */
    public static OldNames load() {
        return new OldNames(ResourceTable.read(OldNames.class, "old-names.tsv").stream()
                .map(cells -> new Name(cells.get(0), cells.get(1), cells.get(2), cells.get(3)))
                .toList());
    }

    /** The whole table, in its order. */
    public List<Name> names() {
        return names;
    }

    /** {@code value} with the old names, in the table's order; levels of a book are printed likewise. */
    public Map<String, Object> print(SourceValue value) {
        Map<String, Object> fields = value.fields();
        Map<String, Object> printed = new LinkedHashMap<>();
        for (Name name : names) {
            if (!name.kind().equals(value.kind())) {
                continue;
            }
            if (value instanceof Bar bar && name.oldName().equals("date")) {
                printed.put(name.oldName(), date(bar));
            } else if (fields.containsKey(name.currentName())) {
                printed.put(name.oldName(), printed(fields.get(name.currentName())));
            } else if (name.oldName().equals("count")) {
                printed.put(name.oldName(), 0L);
            }
        }
        return Collections.unmodifiableMap(printed);
    }

    /** The bars of {@code chart}, newest first as in the older client, each with the old names. */
    public List<Map<String, Object>> print(SourceChart chart) {
        return chart.bars().reversed().stream().map(this::print).toList();
    }

    /** In KIS's form, which the older client passed on: {@code 20261119}, with the time for minutes. */
    private static String date(Bar bar) {
        return DateTimeFormatter.BASIC_ISO_DATE.format(bar.date())
                + bar.time().map(TIME::format).orElse("");
    }

    private Object printed(Object value) {
        return switch (value) {
            case SourceValue nested -> print(nested);
            case List<?> list ->
                list.stream()
                        .map(each -> each instanceof SourceValue nested ? print(nested) : each)
                        .toList();
            default -> value;
        };
    }
}
