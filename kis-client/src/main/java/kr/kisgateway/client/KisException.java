package kr.kisgateway.client;

/** A {@link KisFailure} thrown by code that cannot return one, such as a stream's. */
public final class KisException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient KisFailure failure;

    public KisException(KisFailure failure) {
        super(failure.sentence());
        this.failure = failure;
    }

    /** Why, with its remedy and whether a retry may help. */
    public KisFailure failure() {
        return failure;
    }
}
