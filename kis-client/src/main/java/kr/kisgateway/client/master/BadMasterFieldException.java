package kr.kisgateway.client.master;

/** A field of a master file that does not have the requested form. The message names it and never quotes it. */
public final class BadMasterFieldException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String field;

    BadMasterFieldException(String field, String problem) {
        super(field + " " + problem);
        this.field = field;
    }

    /** The broker's name of the field. */
    public String field() {
        return field;
    }
}
