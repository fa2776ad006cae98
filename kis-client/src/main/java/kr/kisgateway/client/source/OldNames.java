package kr.kisgateway.client.source;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.client.fetch.PackedTable;

/**
 * The field names of the older market-data client, for programs that were written for it. The table is data
 * ({@code old-names.tsv}); what has no old name is not printed, what is absent has no entry.
 */
public final class OldNames {
    /**
     * One row of the table.
     *
     * @param kind of value: {@link SourceValue#kind}
     * @param ours our name
     * @param old the older client's name
     * @param meaning unit or shape
     */
    public record Name(String kind, String ours, String old, String meaning) {}

    private final List<Name> names;

    private OldNames(List<Name> names) {
        this.names = names;
    }

    /** Reads the table. */
    public static OldNames load() {
        return new OldNames(PackedTable.read(OldNames.class, "old-names.tsv").stream()
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
            if (name.kind().equals(value.kind()) && fields.containsKey(name.ours())) {
                printed.put(name.old(), printed(fields.get(name.ours())));
            }
        }
        return Collections.unmodifiableMap(printed);
    }

    /** The bars of {@code chart}, oldest first, each with the old names. */
    public List<Map<String, Object>> print(SourceChart chart) {
        return chart.bars().stream().map(this::print).toList();
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
