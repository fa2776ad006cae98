package kr.kisgateway.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Text for people: lines, pairs and tables that stay aligned with Korean in them. A Hangul syllable or an ideograph takes
 * two columns of a terminal. Texts come from brokers, clients and operators, so what would steer the terminal is shown as
 * {@code ·}.
 */
final class Screen {
    private static final String GAP = "  ";

    private final PrintStream out;

    Screen(PrintStream out) {
        this.out = out;
    }

    /** On which side a column is flush. */
    enum Align {
        LEFT,
        RIGHT
    }

    record Column(String title, Align align) {
        static Column left(String title) {
            return new Column(title, Align.LEFT);
        }

        static Column right(String title) {
            return new Column(title, Align.RIGHT);
        }
    }

    record Pair(String name, String value) {}

    void line(String text) {
        out.println(harmless(text));
    }

    void blank() {
        out.println();
    }

    /** Names and values below each other; a pair whose value is empty is left out. */
    void pairs(List<Pair> pairs) {
        List<Pair> shown = pairs.stream().filter(p -> !p.value().isEmpty()).toList();
        int width = shown.stream().mapToInt(p -> columns(p.name())).max().orElse(0);
        for (Pair pair : shown) {
            line(GAP + padded(pair.name(), width, Align.LEFT) + GAP + pair.value());
        }
    }

    /** A table; a column that is empty in every row is left out. */
    void table(List<Column> columns, List<List<String>> rows) {
        var cells = new ArrayList<List<String>>();
        for (List<String> row : rows) {
            cells.add(row.stream().map(Screen::harmless).toList());
        }
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            int at = i;
            int widest =
                    cells.stream().mapToInt(row -> columns(row.get(at))).max().orElse(0);
            widths[i] =
                    widest == 0 ? 0 : Math.max(widest, columns(columns.get(i).title()));
        }
        row(columns, widths, columns.stream().map(Column::title).toList());
        cells.forEach(row -> row(columns, widths, row));
    }

    private void row(List<Column> columns, int[] widths, List<String> cells) {
        var text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] > 0) {
                text.append(text.isEmpty() ? "" : GAP)
                        .append(padded(cells.get(i), widths[i], columns.get(i).align()));
            }
        }
        out.println(text.toString().stripTrailing());
    }

    private static String padded(String text, int width, Align align) {
        String space = " ".repeat(Math.max(0, width - columns(text)));
        return align == Align.LEFT ? text + space : space + text;
    }

    /** Columns of a terminal that a text takes. */
    static int columns(String text) {
        return text.codePoints().map(Screen::columns).sum();
    }

    private static int columns(int codePoint) {
        switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> {
                return 0;
            }
            default -> {
                return wide(codePoint) ? 2 : 1;
            }
        }
    }

    /** The wide and full-width ranges of Unicode's East Asian Width (UAX 11), the rare ones rounded to their blocks. */
    private static boolean wide(int c) {
        return c >= 0x1100
                && (c <= 0x115F
                        || c >= 0x2E80 && c <= 0x303E
                        || c >= 0x3041 && c <= 0x4DBF
                        || c >= 0x4E00 && c <= 0xA4CF
                        || c >= 0xA960 && c <= 0xA97C
                        || c >= 0xAC00 && c <= 0xD7A3
                        || c >= 0xF900 && c <= 0xFAFF
                        || c >= 0xFE30 && c <= 0xFE6F
                        || c >= 0xFF00 && c <= 0xFF60
                        || c >= 0xFFE0 && c <= 0xFFE6
                        || c >= 0x1F300 && c <= 0x1F64F
                        || c >= 0x1F900 && c <= 0x1F9FF
                        || c >= 0x20000 && c <= 0x3FFFD);
    }

    /** The text on one line, without anything that a terminal would obey. */
    private static String harmless(String text) {
        int[] shown = text.codePoints()
                .map(c -> switch (Character.getType(c)) {
                    case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.FORMAT ->
                        '·';
                    default -> c;
                })
                .toArray();
        return Arrays.equals(shown, text.codePoints().toArray()) ? text : new String(shown, 0, shown.length);
    }
}
