package kr.kisgateway.gateway.face;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.access.ApiKey;
import kr.kisgateway.wire.RestCall;

/**
 * What becomes known of a call to the face while it is answered. The parts that answer it report to {@link #current}, on the
 * call's thread; {@link FaceMeter} counts it at the end.
 */
final class MeteredCall {
    private static final ScopedValue<MeteredCall> CURRENT = ScopedValue.newInstance();

    private Optional<ApiKey> key = Optional.empty();
    private FaceSource source = FaceSource.GATEWAY;
    private long queuedNanos;
    private boolean order;
    private Optional<Content> content = Optional.empty();

    /**
     * What was called, once that is known.
     *
     * @param fields by KIS's own names
     */
    record Content(RestCall call, Map<String, String> fields) {}

    /** The call that this thread answers; outside of one, a call that is not counted. */
    static MeteredCall current() {
        return CURRENT.isBound() ? CURRENT.get() : new MeteredCall();
    }

    /** Runs {@code work} as this call. */
    <R, X extends Throwable> R run(ScopedValue.CallableOp<R, X> work) throws X {
        return ScopedValue.where(CURRENT, this).call(work);
    }

    /** The caller's key was accepted. */
    void by(ApiKey caller) {
        key = Optional.of(caller);
    }

    /** Where the answer comes from; without a report, from the gateway itself. */
    void servedFrom(FaceSource from) {
        source = from;
    }

    /** The call is one of KIS's catalog, with these parameters. */
    void about(RestCall call, Map<String, String> fields) {
        content = Optional.of(new Content(call, fields));
    }

    /** The call waited for its key's share, or for a slot of the call budget. */
    void waited(Duration time) {
        queuedNanos += time.toNanos();
    }

    /** The call places, modifies or cancels an order. */
    void order() {
        order = true;
    }

    Optional<Content> content() {
        return content;
    }

    Optional<ApiKey> key() {
        return key;
    }

    FaceSource source() {
        return source;
    }

    long queuedNanos() {
        return queuedNanos;
    }

    boolean isOrder() {
        return order;
    }
}
