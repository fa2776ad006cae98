package kr.kisgateway.gateway.lease;

/** Another process owns what this one tried to change; nothing was changed. */
public final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LeaseLostException(Lease lease) {
        super("the lease " + lease + " belongs to another gateway by now");
    }
}
