package kr.kisgateway.gateway.profit;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The shares of one instrument that were bought and not yet sold, in the order of their purchases. Amounts are divided in whole
 * units of the currency, and what is left of a division stays with the shares that stay, so nothing is lost.
 */
final class Lots {
    /**
     * Shares with what they cost.
     *
     * @param cost paid for them, without commission
     */
    record Lot(long qty, long cost, long commission) {
        static final Lot NONE = new Lot(0, 0, 0);

        Lot plus(Lot other) {
            return new Lot(
                    Math.addExact(qty, other.qty),
                    Math.addExact(cost, other.cost),
                    Math.addExact(commission, other.commission));
        }

        Lot minus(Lot other) {
            return new Lot(qty - other.qty, cost - other.cost, commission - other.commission);
        }

        /** The part of {@code shares} of them. */
        Lot part(long shares) {
            return new Lot(shares, Lots.part(cost, shares, qty), Lots.part(commission, shares, qty));
        }
    }

    private final LotMethod method;
    private final Deque<Lot> held = new ArrayDeque<>();

    Lots(LotMethod method) {
        this.method = method;
    }

    void buy(Lot bought) {
        held.addLast(
                method == LotMethod.AVERAGE && !held.isEmpty()
                        ? held.removeLast().plus(bought)
                        : bought);
    }

    /** Takes up to {@code qty} shares out; fewer when fewer were bought. */
    Lot sell(long qty) {
        Lot sold = Lot.NONE;
        while (sold.qty() < qty && !held.isEmpty()) {
            Lot first = held.removeFirst();
            Lot taken = first.part(Math.min(first.qty(), qty - sold.qty()));
            sold = sold.plus(taken);
            if (taken.qty() < first.qty()) {
                held.addFirst(first.minus(taken));
            }
        }
        return sold;
    }

    /** All that is held. */
    Lot total() {
        return held.stream().reduce(Lot.NONE, Lot::plus);
    }

    /** {@code total × part ÷ whole}, rounded down. */
    static long part(long total, long part, long whole) {
        return part == whole
                ? total
                : BigInteger.valueOf(total)
                        .multiply(BigInteger.valueOf(part))
                        .divide(BigInteger.valueOf(whole))
                        .longValueExact();
    }
}
