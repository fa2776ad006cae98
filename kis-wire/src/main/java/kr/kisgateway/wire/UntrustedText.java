package kr.kisgateway.wire;

/**
 * Untrusted text, sanitized for a log line or an answer: without characters that end a line, control a
 * terminal or reverse the direction of reading, and of bounded length.
 */
public final class UntrustedText {
    /** The most characters of a KIS text that are logged or passed on. */
    public static final int UPSTREAM_MAX = 500;

    private UntrustedText() {}

    /** The text of KIS with blanks for control characters, at most {@value #UPSTREAM_MAX} characters. */
    public static String sanitize(String text) {
        String truncated = truncate(text, UPSTREAM_MAX);
        for (int i = 0; i < truncated.length(); i++) {
            if (isUnprintable(truncated, i)) {
                return blankUnprintable(truncated);
            }
        }
        return truncated;
    }

    /** The text with unsafe characters as {@code \}{@code u0085}, and the number of characters beyond {@code max}. */
    public static String escape(String text, int max) {
        String truncated = truncate(text, max);
        boolean isComplete = truncated.length() == text.length();
        if (isComplete && isPrintable(truncated)) {
            return truncated;
        }
        var out = new StringBuilder(truncated.length() + 32);
        for (int i = 0; i < truncated.length(); i++) {
            char c = truncated.charAt(i);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (isUnprintable(truncated, i)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        if (!isComplete) {
            out.append("…(+").append(text.length() - truncated.length()).append(')');
        }
        return out.toString();
    }

    private static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isUnprintable(text, i)) {
                return false;
            }
        }
        return true;
    }

    private static String blankUnprintable(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            out.append(isUnprintable(text, i) ? ' ' : text.charAt(i));
        }
        return out.toString();
    }

    private static String truncate(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max);
    }

    /** Whether the character at {@code at} ends a line, controls a terminal, reverses the direction of reading or is half of one. */
    public static boolean isUnprintable(String text, int at) {
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
