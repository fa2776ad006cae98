package kr.kisgateway.bench.figures;

import java.util.Locale;

/**
 * A picture that is written as text: the libraries for charts measure their labels with fonts of the system, which servers do not have.
 */
final class Svg {
    static final String TEXT = "#1f2933";
    static final String QUIET = "#52606d";
    static final String GRID = "#d5dbe1";

    private static final int TITLE_LEFT = 12;
    private static final int TITLE_TOP = 24;

    private final StringBuilder text = new StringBuilder();

    /** A picture of a size in pixels. Its ground is white, also on dark pages: an image does not inherit their colours. */
    Svg(String title, int width, int height) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" font-family=\"sans-serif\" font-size=\"13\">",
                width, height);
        add("<title>%s</title>", escaped(title));
        add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", width, height);
        add(
                "<text x=\"%d\" y=\"%d\" font-size=\"15\" fill=\"%s\">%s</text>",
                TITLE_LEFT, TITLE_TOP, TEXT, escaped(title));
    }

    /** Adds an element. */
    void add(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /** Adds a label that begins, is in the middle or ends at a point. */
    void label(double x, double y, String anchor, String colour, String label) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>",
                x, y, anchor, colour, escaped(label));
    }

    /** A value on an axis. */
    static String number(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%,.0f", value) : Double.toString(value);
    }

    String close() {
        return text + "</svg>\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
