package kr.kisgateway.gateway.error;

/**
 * Carries a {@link Refusal} from nested calls of an edge (a route, a parser) to the one place that answers it. Cores
 * return refusals as values instead.
 */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Refusal refusal;

    public RefusedException(Refusal refusal) {
        super(refusal.code() + ": " + refusal.message(), null, false, false);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
