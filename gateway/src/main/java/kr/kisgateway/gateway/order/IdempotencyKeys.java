package kr.kisgateway.gateway.order;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.OrderEffect.Answer;

/**
 * The answer that an idempotency key alone determines, before its request is checked: the earlier result, or why it
 * cannot be used. Keys of orders are stored in the {@link OrderRegistry}; those of calls that cancelled many, here.
 */
final class IdempotencyKeys {
    /** Calls that cancelled many orders and whose keys are cached. */
    static final int CANCEL_ALL_CALLS = 1_000;

    private final OrderRegistry registry;
    private final Map<KeyUse.Name, ControlEvent.CancelAllRequested> cancelAllCalls = new LinkedHashMap<>();

    IdempotencyKeys(OrderRegistry registry) {
        this.registry = registry;
    }

    /**
     * The answer to a request about one order; empty when the key is free for it.
     *
     * @param stored an earlier use found in the journal only
     * @param defaultKey the key of this request when its caller sends none
     */
    Optional<Answer> findAnswer(
            KeyUse use, KeyUse.Kind kind, Optional<OrderInput.PriorUse> stored, Optional<String> defaultKey) {
        Optional<OrderInput.PriorUse> prior = registry.use(use.name()).or(() -> stored);
        if (prior.isPresent()) {
            return Optional.of(replay(prior.get(), use, kind));
        }
        return cancelAllCalls.containsKey(use.name())
                ? Optional.of(usedForAnotherRequest())
                : refuseReserved(use, defaultKey);
    }

    /** The answer to a call that cancels many; empty when its key is free. */
    Optional<Answer> findAnswer(OrderInput.CancelAll all) {
        KeyUse use = all.key();
        Optional<ControlEvent.CancelAllRequested> earlier =
                Optional.ofNullable(cancelAllCalls.get(use.name())).or(all::priorCall);
        if (earlier.isPresent()) {
            boolean same = earlier.get().key().hash().equals(use.hash());
            return Optional.of(same ? new Answer.CancelledAll(earlier.get().orders(), true) : usedForAnotherRequest());
        }
        return registry.use(use.name()).or(all::prior).isPresent()
                ? Optional.of(usedForAnotherRequest())
                : refuseReserved(use, Optional.empty());
    }

    /** Refuses a key of the gateway's own form: used by a caller, it would block a later request without a key. */
    Optional<Answer> refuseReserved(KeyUse use, Optional<String> defaultKey) {
        if (!KeyUse.isReserved(use.key())
                || defaultKey.filter(use.key()::equals).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new Answer.Refused(Refusal.of(
                        ErrorCode.INVALID_FIELD,
                        "keys that begin with cancel:ord_, modify:ord_, resolve:ord_ or replace:ord_ are reserved for the gateway; nothing was"
                                + " done, use another key")
                .with("field", "Idempotency-Key")));
    }

    /** Records an accepted call that cancelled many. */
    void recordCancelAll(ControlEvent.CancelAllRequested call) {
        cancelAllCalls.put(call.key().name(), call);
        if (cancelAllCalls.size() > CANCEL_ALL_CALLS) {
            cancelAllCalls.remove(cancelAllCalls.keySet().iterator().next());
        }
    }

    private static Answer replay(OrderInput.PriorUse prior, KeyUse use, KeyUse.Kind kind) {
        boolean same = prior.hash().equals(use.hash()) && prior.kind() == kind;
        return same
                ? new Answer.Accepted(prior.order(), kind, use.key(), true)
                : new Answer.Refused(mismatch().with("order_id", prior.order().text()));
    }

    private static Answer usedForAnotherRequest() {
        return new Answer.Refused(mismatch());
    }

    private static Refusal mismatch() {
        return Refusal.of(
                ErrorCode.IDEMPOTENCY_KEY_BODY_MISMATCH,
                "this Idempotency-Key was used for another request; nothing was done, use a new key");
    }
}
