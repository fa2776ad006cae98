package kr.kisgateway.simulator.catalog;

/** Writes KIS's answers, in which every value is a string: objects, arrays and fields in the order of the calls. */
public final class Json {
    private final StringBuilder out;
    private boolean comma;

    private Json() {
        out = new StringBuilder(512);
    }

    public static Json object() {
        return new Json().open('{');
    }

    public Json field(String name, String value) {
        name(name);
        quote(value);
        comma = true;
        return this;
    }

    public Json field(String name, long value) {
        name(name);
        out.append('"').append(value).append('"');
        comma = true;
        return this;
    }

    /** A field that is a number in JSON, as in the OAuth answers. */
    public Json number(String name, long value) {
        name(name);
        out.append(value);
        comma = true;
        return this;
    }

    public Json startObject(String name) {
        name(name);
        return open('{');
    }

    public Json startArray(String name) {
        name(name);
        return open('[');
    }

    /** A text in an array. */
    public Json value(String text) {
        separate();
        quote(text);
        comma = true;
        return this;
    }

    public Json startRow() {
        separate();
        return open('{');
    }

    public Json end() {
        return close('}');
    }

    public Json endArray() {
        return close(']');
    }

    /** A value that is JSON already. */
    public Json raw(String name, String json) {
        name(name);
        out.append(json);
        comma = true;
        return this;
    }

    /** The finished text; closes the outermost object. */
    public String text() {
        close('}');
        return out.toString();
    }

    private Json open(char bracket) {
        out.append(bracket);
        comma = false;
        return this;
    }

    private Json close(char bracket) {
        out.append(bracket);
        comma = true;
        return this;
    }

    private void name(String name) {
        separate();
        quote(name);
        out.append(':');
        comma = false;
    }

    private void separate() {
        if (comma) {
            out.append(',');
        }
    }

    private void quote(String value) {
        out.append('"');
        int from = 0; // nearly every text is appended as a whole
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\' || c < ' ') {
                out.append(value, from, i);
                from = i + 1;
                if (c < ' ') {
                    out.append(String.format("\\u%04x", (int) c));
                } else {
                    out.append('\\').append(c);
                }
            }
        }
        out.append(value, from, value.length()).append('"');
    }
}
