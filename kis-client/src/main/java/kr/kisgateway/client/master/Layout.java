package kr.kisgateway.client.master;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.client.fetch.ResourceTable;

/**
 * How the lines of one file are cut. Bytes are cut first and decoded after, because a Hangul character takes two bytes of
 * cp949. Fields before one without a width are cut from the left, those after it from the right: the name of a stock has
 * grown and shrunk before, and so have the columns in front of the tail.
 */
final class Layout {
    /** The form of a field in a good line; any other means that the line was cut in the wrong places. */
    enum FieldForm {
        ANYTHING,
        /** Capital letters and digits. */
        CODE,
        /** Twelve capital letters and digits. */
        ISIN,
        /** Capital letters. */
        LETTERS,
        /** Not blank. */
        TEXT;

        boolean matches(String text) {
            return switch (this) {
                case ANYTHING -> true;
                case CODE -> isMadeOf(text, true);
                case ISIN -> text.length() == 12 && isMadeOf(text, true);
                case LETTERS -> isMadeOf(text, false);
                case TEXT -> !text.isBlank();
            };
        }

        private static boolean isMadeOf(String text, boolean digits) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (!(c >= 'A' && c <= 'Z' || digits && c >= '0' && c <= '9')) {
                    return false;
                }
            }
            return !text.isEmpty();
        }
    }

    /** A field as the resource has it. {@code width} is 0 for the elastic one. */
    private record Column(MasterField field, int width, boolean mayBeMissing, FieldForm requiredForm) {}

    private static final String BYTES = "bytes";

    private final List<Column> columns;
    private final Map<String, Integer> index;
    private final List<MasterField> fields;
    private final Optional<Character> separator;

    private Layout(List<Column> columns, String splitRule) {
        this.columns = List.copyOf(columns);
        this.fields = columns.stream().map(Column::field).toList();
        var byName = new HashMap<String, Integer>();
        for (int i = 0; i < columns.size(); i++) {
            byName.put(columns.get(i).field().name(), i);
        }
        this.index = Map.copyOf(byName);
        this.separator = splitRule.equals(BYTES)
                ? Optional.empty()
                : Optional.of(splitRule.equals("tab") ? '\t' : splitRule.charAt(0));
    }

    /** All layouts of the resource by their names. */
    static Map<String, Layout> readAll() {
        var splitRules = new LinkedHashMap<String, String>();
        var columns = new LinkedHashMap<String, List<Column>>();
        List<Column> current = new ArrayList<>();
        for (List<String> cells : ResourceTable.read(Layout.class, "layouts.tsv")) {
            String first = cells.getFirst();
            if (first.startsWith("@")) {
                current = new ArrayList<>();
                splitRules.put(first.substring(1), cells.get(1));
                columns.put(first.substring(1), current);
            } else {
                current.add(column(cells));
            }
        }
        var layouts = new HashMap<String, Layout>();
        splitRules.forEach((name, splitRule) ->
                layouts.put(name, new Layout(columns.getOrDefault(name, List.of()), splitRule)));
        return Map.copyOf(layouts);
    }

    List<MasterField> fields() {
        return fields;
    }

    /** The index of the field {@code name}, or -1. */
    int indexOf(String name) {
        return index.getOrDefault(name, -1);
    }

    FieldForm requiredForm(int column) {
        return columns.get(column).requiredForm();
    }

    /** The start of each field of {@code line} and, last, the end of the last one; empty when it is too short. */
    Optional<int[]> split(byte[] line) {
        return separator
                .map(separatorChar -> splitAtSeparators(line, separatorChar))
                .orElseGet(() -> splitByWidth(line.length));
    }

    /** Whether fields are separated by a character, which belongs to neither. */
    boolean isSeparated() {
        return separator.isPresent();
    }

    private Optional<int[]> splitByWidth(int length) {
        int[] starts = new int[columns.size() + 1];
        int at = 0;
        int i = 0;
        for (; i < columns.size() && columns.get(i).width() > 0; i++) {
            Column column = columns.get(i);
            // Optional ends are complete or absent.
            boolean missing = column.mayBeMissing() && at >= length;
            starts[i] = at;
            at += missing ? 0 : column.width();
        }
        if (i == columns.size()) {
            starts[i] = at;
            return at <= length ? Optional.of(starts) : Optional.empty();
        }
        int elastic = i;
        starts[elastic] = at;
        starts[columns.size()] = length;
        for (i = columns.size() - 1; i > elastic; i--) {
            starts[i] = starts[i + 1] - columns.get(i).width();
        }
        return starts[elastic] <= starts[elastic + 1] ? Optional.of(starts) : Optional.empty();
    }

    /**
     * Surplus fields are ignored: columns are added at the end. Neither tab nor | can be the second byte of a
     * cp949 character.
     */
    private Optional<int[]> splitAtSeparators(byte[] line, char separatorChar) {
        int[] starts = new int[columns.size() + 1];
        int found = 0;
        for (int i = 0; i < line.length && found < columns.size(); i++) {
            if (line[i] == separatorChar) {
                starts[++found] = i + 1;
            }
        }
        if (found == columns.size() - 1) {
            starts[++found] = line.length + 1;
        }
        return found == columns.size() ? Optional.of(starts) : Optional.empty();
    }

    private static Column column(List<String> cells) {
        String width = cells.get(1);
        boolean mayBeMissing = width.endsWith("?");
        int bytes = switch (width) {
            case "*", "-" -> 0;
            default -> Integer.parseInt(mayBeMissing ? width.substring(0, width.length() - 1) : width);
        };
        FieldForm requiredForm = switch (cells.get(2)) {
            case "code" -> FieldForm.CODE;
            case "isin" -> FieldForm.ISIN;
            case "letters" -> FieldForm.LETTERS;
            case "text" -> FieldForm.TEXT;
            default -> FieldForm.ANYTHING;
        };
        return new Column(
                new MasterField(cells.get(0), bytes == 0 ? Optional.empty() : Optional.of(bytes), cells.get(3)),
                bytes,
                mayBeMissing,
                requiredForm);
    }
}
