package kr.kisgateway.wire;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The broker's documentation of every parameter of every call: whether it must be sent, whether it may be blank,
 * the meaning of a blank, and the value of a first request. The rows are the resource {@code parameters.tsv}.
 */
final class ParameterTable {
    private static final int COLUMNS = 6;
    private static final Set<String> REQUIRED = Set.of("required", "optional");
    private static final Set<String> BLANK = Set.of("blank", "value");

    /**
     * One parameter of one call.
     *
     * @param required whether it must be sent
     * @param blank whether it may be sent without a value
     * @param standard the meaning of a blank or absent one; empty without one
     * @param initial the documented initial value, which may be blank
     */
    record Row(boolean required, boolean blank, Optional<String> standard, String initial) {}

    private final Map<String, Row> rows = new HashMap<>();

    private ParameterTable() {}

    static ParameterTable load() {
        var table = new ParameterTable();
        Resources.text("parameters.tsv")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(table::add);
        return table;
    }

    /** The row of a parameter; every parameter of the catalog has one. */
    Row row(String call, String parameter) {
        Row row = rows.get(call + ' ' + parameter);
        if (row == null) {
            throw new IllegalStateException("parameters.tsv has no row for " + call + ' ' + parameter);
        }
        return row;
    }

    int size() {
        return rows.size();
    }

    private void add(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length != COLUMNS
                || !REQUIRED.contains(cells[2])
                || !BLANK.contains(cells[3])
                || rows.put(cells[0] + ' ' + cells[1], row(cells)) != null) {
            throw new IllegalStateException("parameters.tsv: not a row, or a second one: " + line);
        }
    }

    private static Row row(String[] cells) {
        String standard = text(cells[4]);
        return new Row(
                cells[2].equals("required"),
                cells[3].equals("blank"),
                standard.isEmpty() ? Optional.empty() : Optional.of(standard),
                text(cells[5]));
    }

    private static String text(String cell) {
        return cell.equals("-") ? "" : cell;
    }
}
