package kr.kisgateway.gateway.cost;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The calls to KIS that one request makes. The port runs the request {@linkplain #run as its cost}; the adapter adds each call
 * on the thread that makes it. A call that another thread makes, for several requests at once, is the gateway's own.
 */
public final class CallCost {
    /** TRs that are named; a request with more is a batch. */
    private static final int TRS_MAX = 4;

    private static final ScopedValue<CallCost> CURRENT = ScopedValue.newInstance();

    private final Set<String> trs = new LinkedHashSet<>();
    private final boolean order;
    private String principal;
    private int calls;

    private CallCost(String principal, boolean order) {
        this.principal = principal;
        this.order = order;
    }

    /** That of a request, whose caller is not known yet. */
    public static CallCost ofRequest() {
        return new CallCost("", false);
    }

    /** That of an order, a modification or a cancel that is sent for {@code principal}. */
    public static CallCost ofOrder(String principal) {
        return new CallCost(principal, true);
    }

    /** That of the request which this thread answers. */
    public static Optional<CallCost> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /** Runs {@code work} as this request. */
    public <R, X extends Throwable> R run(ScopedValue.CallableOp<R, X> work) throws X {
        return ScopedValue.where(CURRENT, this).call(work);
    }

    /** The caller is known. */
    public void by(String name) {
        principal = name;
    }

    /** A call to KIS was made. */
    public void add(String tr) {
        calls++;
        if (trs.size() < TRS_MAX) {
            trs.add(tr);
        }
    }

    /** The name of the caller; empty while it is not known. */
    public String principal() {
        return principal;
    }

    /** Whether an order is sent, which is recorded with its terms. */
    public boolean isOrder() {
        return order;
    }

    public int calls() {
        return calls;
    }

    /** The TRs that were called, separated by commas. */
    public String trs() {
        return String.join(",", trs);
    }
}
