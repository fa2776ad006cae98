package kr.kisgateway.wire;

/**
 * Text that somebody else wrote, made fit for a log line or an answer: without characters that end a line, steer a
 * terminal or turn the direction of reading, and no longer than asked for.
 */
public final class ForeignText {
    /** Characters of a text from KIS that are logged or passed on. */
    public static final int UPSTREAM_MAX = 500;

    private ForeignText() {}

    /** The text of KIS with blanks for control characters, at most {@value #UPSTREAM_MAX} characters. */
    public static String upstream(String text) {
        String cut = cut(text, UPSTREAM_MAX);
        for (int i = 0; i < cut.length(); i++) {
            if (isUnfit(cut, i)) {
                return blanked(cut);
            }
        }
        return cut;
    }

    /** The text with unfit characters as {@code \}{@code u0085}, and what is beyond {@code max} characters as a number. */
    public static String escaped(String text, int max) {
        String cut = cut(text, max);
        boolean whole = cut.length() == text.length();
        if (whole && isFit(cut)) {
            return cut;
        }
        var out = new StringBuilder(cut.length() + 32);
        for (int i = 0; i < cut.length(); i++) {
            char c = cut.charAt(i);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (isUnfit(cut, i)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        if (!whole) {
            out.append("…(+").append(text.length() - cut.length()).append(')');
        }
        return out.toString();
    }

    private static boolean isFit(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isUnfit(text, i)) {
                return false;
            }
        }
        return true;
    }

    private static String blanked(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            out.append(isUnfit(text, i) ? ' ' : text.charAt(i));
        }
        return out.toString();
    }

    private static String cut(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max);
    }

    private static boolean isUnfit(String text, int at) {
        char c = text.charAt(at);
        if (c < 0x7f) {
            return c < ' ';
        }
        return c <= 0x9f // DEL and C1
                || c == 0x2028
                || c == 0x2029
                || (c >= 0x202a && c <= 0x202e) // turns the direction of reading
                || (c >= 0x2066 && c <= 0x2069)
                || c == 0xfeff
                || (Character.isSurrogate(c) && !isPair(text, at));
    }

    private static boolean isPair(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
}
