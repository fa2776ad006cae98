package kr.kisgateway.gateway.portfolio;

import java.util.Optional;
import kr.kisgateway.gateway.error.Refusal;

/**
 * The current view of an account.
 *
 * @param refusal why it is not current; absent when it is
 */
public record HoldingsView(Observation<Holdings> holdings, Optional<Refusal> refusal) {
    static HoldingsView current(Holdings holdings) {
        return new HoldingsView(new Observation.Current<>(holdings, holdings.requestedAt()), Optional.empty());
    }

    static HoldingsView stale(Holdings holdings, Refusal refusal) {
        return new HoldingsView(
                new Observation.Stale<>(holdings, holdings.requestedAt(), refusal.message()), Optional.of(refusal));
    }

    static HoldingsView unknown(Refusal refusal) {
        return new HoldingsView(new Observation.Unknown<>(refusal.message()), Optional.of(refusal));
    }
}
