package kr.kisgateway.gateway.portfolio;

import java.util.Optional;
import kr.kisgateway.gateway.error.Refusal;

/**
 * What is known of an account now.
 *
 * @param refusal why it is not known fresh; absent when it is
 */
public record HoldingsView(Seen<Holdings> holdings, Optional<Refusal> refusal) {
    static HoldingsView known(Holdings holdings) {
        return new HoldingsView(new Seen.Known<>(holdings, holdings.askedAt()), Optional.empty());
    }

    static HoldingsView stale(Holdings holdings, Refusal refusal) {
        return new HoldingsView(
                new Seen.Stale<>(holdings, holdings.askedAt(), refusal.message()), Optional.of(refusal));
    }

    static HoldingsView unknown(Refusal refusal) {
        return new HoldingsView(new Seen.Unknown<>(refusal.message()), Optional.of(refusal));
    }
}
