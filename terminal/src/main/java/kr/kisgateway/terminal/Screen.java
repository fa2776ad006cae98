package kr.kisgateway.terminal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prints lines, pairs and tables that stay aligned with Korean text. A Hangul syllable or an ideograph takes two columns of
 * a terminal. Texts come from brokers, clients and operators, so control characters are shown as {@code ·}.
 */
public final class Screen {
    /** Width without a terminal: in a file or pipe, lines have any length. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    private static final Pattern CONTROLS_IN_JSON =
            Pattern.compile("[\\x7f-\\x9f\\u200b-\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff]");
    private static final String GAP = "  ";
    private static final String CONTINUED = "    ";

    private final PrintStream out;
    private final int width;

    /** @param width columns of the terminal */
    public Screen(PrintStream out, int width) {
        this.out = out;
        this.width = width;
    }

    /** Columns of the terminal from {@code KIS_COLUMNS}; {@link #UNBOUNDED} where the launcher measured none. */
    public static int width(Optional<String> measured) {
        return measured.filter(text -> text.matches("[1-9][0-9]{1,3}"))
                .map(Integer::parseInt)
                .orElse(UNBOUNDED);
    }

    /** Alignment of a column. */
    public enum Align {
        LEFT,
        RIGHT
    }

    /** A column of a table: its title and alignment. */
    public record Column(String title, Align align) {
        public static Column left(String title) {
            return new Column(title, Align.LEFT);
        }

        public static Column right(String title) {
            return new Column(title, Align.RIGHT);
        }
    }

    /** A name and its value, printed on one line. */
    public record Pair(String name, String value) {}

    /** Prints a sentence, wrapped at blanks; a word longer than a line, such as a path, is not broken. */
    public void line(String text) {
        String shown = printable(text);
        wrapLine(shown, indent(shown)).forEach(out::println);
    }

    /** Prints preformatted lines; a longer line continues below its last column. */
    public void page(String text) {
        text.lines()
                .map(Screen::printable)
                .forEach(line -> wrapLine(line, continuationColumn(line)).forEach(out::println));
    }

    public void blank() {
        out.println();
    }

    /** Prints names and values, one pair per line; a pair with an empty value is omitted. */
    public void pairs(List<Pair> pairs) {
        List<Pair> shown = pairs.stream().filter(p -> !p.value().isEmpty()).toList();
        int names = shown.stream().mapToInt(p -> columns(p.name())).max().orElse(0);
        String below = " ".repeat(names + 2 * GAP.length());
        for (Pair pair : shown) {
            List<String> parts = wrapText(printable(pair.value()), room(below.length()));
            out.println(GAP + pad(printable(pair.name()), names, Align.LEFT) + GAP + parts.getFirst());
            parts.stream().skip(1).forEach(part -> out.println(below + part));
        }
    }

    /**
     * Prints a table; a column without values is omitted. On a narrow terminal a row continues below, indented, and so does its
     * head: nothing is cut off.
     */
    public void table(List<Column> columns, List<List<String>> rows) {
        table(columns, rows, List.of());
    }

    /**
     * As {@link #table(List, List)}, and leaves out columns where the rows fit the terminal's lines without them only.
     *
     * @param expendable titles of the columns that may be left out, the first one first
     */
    public void table(List<Column> columns, List<List<String>> rows, List<String> expendable) {
        var cells = new ArrayList<List<String>>();
        for (List<String> row : rows) {
            cells.add(row.stream().map(Screen::printable).toList());
        }
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            int at = i;
            int widest =
                    cells.stream().mapToInt(row -> columns(row.get(at))).max().orElse(0);
            widths[i] = widest == 0
                    ? 0
                    : Math.min(
                            room(CONTINUED.length()),
                            Math.max(widest, columns(columns.get(i).title())));
        }
        leaveOut(columns, widths, expendable);
        List<List<Integer>> lines = lines(widths);
        row(columns, widths, lines, columns.stream().map(Column::title).toList());
        cells.forEach(row -> row(columns, widths, lines, row));
    }

    /** Sets the widths of columns to 0 until the rest fits a line; with too little room for that, all stay. */
    private void leaveOut(List<Column> columns, int[] widths, List<String> expendable) {
        int[] fewer = widths.clone();
        for (int next = 0; lines(fewer).size() > 1; next++) {
            if (next == expendable.size()) {
                return;
            }
            for (int i = 0; i < fewer.length; i++) {
                if (columns.get(i).title().equals(expendable.get(next))) {
                    fewer[i] = 0;
                }
            }
        }
        System.arraycopy(fewer, 0, widths, 0, widths.length);
    }

    private int room(int indent) {
        return width == UNBOUNDED ? UNBOUNDED : Math.max(10, width - indent);
    }

    /** The columns on each line of a row. */
    private List<List<Integer>> lines(int[] widths) {
        var lines = new ArrayList<List<Integer>>();
        lines.add(new ArrayList<>());
        long taken = 0;
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] == 0) {
                continue;
            }
            boolean first = lines.getLast().isEmpty();
            if (!first && taken + GAP.length() + widths[i] > width) {
                lines.add(new ArrayList<>());
                first = true;
                taken = CONTINUED.length();
            }
            lines.getLast().add(i);
            taken += widths[i] + (first ? 0 : GAP.length());
        }
        return lines;
    }

    private void row(List<Column> columns, int[] widths, List<List<Integer>> lines, List<String> cells) {
        String indent = "";
        for (List<Integer> line : lines) {
            var parts =
                    line.stream().map(i -> wrapText(cells.get(i), widths[i])).toList();
            int height = parts.stream().mapToInt(List::size).max().orElse(1);
            for (int at = 0; at < height; at++) {
                var text = new StringBuilder(indent);
                for (int column = 0; column < line.size(); column++) {
                    int i = line.get(column);
                    List<String> cell = parts.get(column);
                    text.append(column == 0 ? "" : GAP)
                            .append(pad(
                                    at < cell.size() ? cell.get(at) : "",
                                    widths[i],
                                    columns.get(i).align()));
                }
                String shown = text.toString().stripTrailing();
                if (!shown.isEmpty() || lines.size() == 1) {
                    out.println(shown);
                }
            }
            indent = CONTINUED;
        }
    }

    /** The line wrapped to the width, with the indent before each continuation. */
    private List<String> wrapLine(String line, int indent) {
        if (columns(line) <= width) {
            return List.of(line);
        }
        var lines = new ArrayList<String>();
        var current = new StringBuilder(" ".repeat(indent(line)));
        boolean empty = true;
        for (String word : line.strip().split("(?<=\\S) ", -1)) {
            if (!empty && columns(current.toString()) + 1 + columns(word) > width) {
                lines.add(current.toString());
                current = new StringBuilder(" ".repeat(indent));
                word = word.stripLeading();
                empty = true;
            }
            current.append(empty ? "" : " ").append(word);
            empty = false;
        }
        lines.add(current.toString());
        return lines;
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }

    /** Start of the last column with space for text: after its last gap, else the line's own indent. */
    private int continuationColumn(String line) {
        int gap = line.lastIndexOf(GAP, Math.min(line.length(), width / 2));
        String before = gap < 0 ? "" : line.substring(0, gap + GAP.length());
        return before.isBlank() ? indent(line) : columns(before);
    }

    /** The text in pieces of at most {@code columns} columns, broken at blanks where possible; at least one piece. */
    private static List<String> wrapText(String text, int columns) {
        if (columns(text) <= columns) {
            return List.of(text);
        }
        var pieces = new ArrayList<String>();
        var piece = new StringBuilder();
        int taken = 0;
        for (int c : text.codePoints().toArray()) {
            if (taken + columns(c) > columns) {
                int blank = piece.lastIndexOf(" ");
                String rest = blank > 0 ? piece.substring(blank + 1) : "";
                pieces.add(blank > 0 ? piece.substring(0, blank) : piece.toString());
                piece = new StringBuilder(rest);
                taken = columns(rest);
            }
            piece.appendCodePoint(c);
            taken += columns(c);
        }
        pieces.add(piece.toString());
        return pieces;
    }

    /** As much of the text as has space in {@code columns} columns. */
    static String fitting(String text, int columns) {
        int taken = 0;
        for (int at = 0; at < text.length(); at = text.offsetByCodePoints(at, 1)) {
            taken += columns(text.codePointAt(at));
            if (taken > columns) {
                return text.substring(0, at);
            }
        }
        return text;
    }

    private static String pad(String text, int width, Align align) {
        String space = " ".repeat(Math.max(0, width - columns(text)));
        return align == Align.LEFT ? text + space : space + text;
    }

    /** Width of a text in terminal columns. */
    public static int columns(String text) {
        return text.codePoints().map(Screen::columns).sum();
    }

    private static int columns(int codePoint) {
        switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> {
                return 0;
            }
            default -> {
                return isWide(codePoint) ? 2 : 1;
            }
        }
    }

    /** The wide and full-width ranges of Unicode's East Asian Width (UAX 11), the rare ones rounded to their blocks. */
    private static boolean isWide(int c) {
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

    /** JSON whose texts have no character that a terminal acts on: JSON escapes the others anyway. */
    public static String printableJson(String json) {
        return CONTROLS_IN_JSON
                .matcher(json)
                .replaceAll(found -> Matcher.quoteReplacement(String.format(
                        Locale.ROOT, "\\u%04x", (int) found.group().charAt(0))));
    }

    /** The text on one line, without control characters. */
    public static String printable(String text) {
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
