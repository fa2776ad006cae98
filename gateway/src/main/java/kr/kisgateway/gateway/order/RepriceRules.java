package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;

/** When an order that rests gets another price, and which. Rules only; the {@link Repricer} carries them out. */
public final class RepriceRules {
    private final PriceOffsets offsets;

    public RepriceRules(PriceOffsets offsets) {
        this.offsets = offsets;
    }

    /** What becomes of an order that another price is due for. */
    public sealed interface Next {
        /** @param number of this price, from 1 */
        record Price(long price, int number) implements Next {}

        /** It rests on: the price would not be closer to the market than its own. */
        record Stays() implements Next {}

        /** The broker refused this price, which is still the one computed. */
        record RefusedBefore() implements Next {}

        /** No price can be computed. */
        record Unknown(Refusal why) implements Next {}
    }

    /**
     * Whether an order has rested for too long at its price, and that is certain. One of which the broker refused the last price
     * does not rest for long again.
     *
     * @param longest how long it may rest
     */
    public boolean restsTooLong(Order order, Duration longest, Instant now) {
        return restsSince(order)
                .filter(since -> isRefusedForPrice(order) || !now.isBefore(since.plus(longest)))
                .isPresent();
    }

    /** For how long an order has rested at its price; zero while that is not certain. */
    Duration rested(Order order, Instant now) {
        return restsSince(order).map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
    }

    /** Whether the last change of its price was refused for that price, so that another one is computed at once. */
    static boolean isRefusedForPrice(Order order) {
        BrokerRequest last = order.requests().getLast();
        return last.refusedForPrice() && last.kind() == BrokerRequest.Kind.MODIFY;
    }

    /**
     * Since when it rests at its price, or since the last price that the broker did not take: failures must not use up the prices of
     * an order in a second. Empty while that is not certain, or it does not rest.
     */
    private static Optional<Instant> restsSince(Order order) {
        boolean rests = (order.status() == OrderStatus.SENT || order.status() == OrderStatus.PARTIAL_FILLED)
                && order.openCancel().isEmpty()
                && order.openModification().isEmpty()
                && order.replacement().filter(Replacement::isPending).isEmpty();
        return rests
                ? order.requests().stream()
                        .filter(RepriceRules::isPriceTried)
                        .flatMap(request -> request.sentAt().stream())
                        .max(Instant::compareTo)
                : Optional.empty();
    }

    private static boolean isPriceTried(BrokerRequest request) {
        return switch (request.kind()) {
            case PLACE -> request.state() == BrokerRequest.State.ACKED;
            case MODIFY ->
                request.state() == BrokerRequest.State.ACKED || request.state() == BrokerRequest.State.REFUSED;
            case CANCEL -> false;
        };
    }

    /** Whether the broker refused more prices of an order than are computed anew. */
    public boolean isRefusedForGood(Order order) {
        return order.priceRefusals().size() > 1;
    }

    /** Whether an order may get another price: no caller has chosen one since, and the last was not yet given. */
    public boolean hasAnother(Order order, PricePolicy policy) {
        return !isRefusedForGood(order)
                && order.modifications() == order.repriced()
                && order.repriced() < most(order, policy);
    }

    /** One price more than requested, once, for the first that the broker refused. */
    private static int most(Order order, PricePolicy policy) {
        return policy.max() + Math.min(1, order.priceRefusals().size());
    }

    /** The next price of an order. */
    public Next next(Order order, PricePolicy policy, Instant now) {
        Terms terms = order.terms();
        int number = order.repriced() + 1;
        int step = number - order.priceRefusals().size(); // that of the refused price again
        return switch (offsets.next((Symbol) terms.symbol(), terms.venue(), terms.side(), policy, step, now)) {
            case Result.Refused<Long>(Refusal refusal) -> new Next.Unknown(refusal);
            case Result.Success<Long>(Long price) -> {
                long current = terms.price().orElseThrow();
                if (isRefusedForPrice(order)
                        && order.requests().getLast().price().equals(OptionalLong.of(price))) {
                    yield new Next.RefusedBefore();
                }
                boolean isCloser = terms.side() == Side.BUY ? price > current : price < current;
                yield isCloser ? new Next.Price(price, number) : new Next.Stays();
            }
        };
    }
}
