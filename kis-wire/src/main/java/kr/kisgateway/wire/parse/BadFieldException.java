package kr.kisgateway.wire.parse;

/** A field of an answer is invalid or missing. Parse complete answers with {@link ParseResult#of} to get a value instead. */
public final class BadFieldException extends RuntimeException {
    private final String field;

    BadFieldException(String field, String value) {
        super(field + " is \"" + (value.length() > 40 ? value.substring(0, 40) + "…" : value) + "\"");
        this.field = field;
    }

    static BadFieldException missing(String field) {
        return new BadFieldException(field);
    }

    private BadFieldException(String field) {
        super(field + " is missing");
        this.field = field;
    }

    /** The field's name as requested. */
    public String field() {
        return field;
    }
}
