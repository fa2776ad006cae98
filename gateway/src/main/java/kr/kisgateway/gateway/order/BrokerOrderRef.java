package kr.kisgateway.gateway.order;

import java.util.HashSet;
import java.util.Set;

/**
 * One broker number in an order's chain. Every modification assigns a new one; fills are counted under the number
 * under which they happened.
 *
 * @param odno the broker's number
 * @param orgNo the broker's branch number, needed to modify or cancel
 * @param live whether the order rests under this number; a replaced number may still receive late fills
 * @param fills those under it
 */
public record BrokerOrderRef(long odno, String orgNo, boolean live, FillTotals fills) {

    /** Everything that distinguishes two fills of one number; KIS gives fills no id. */
    public record NoticedFill(long qty, long value, int time) {}

    /**
     * The fills of one number; one instance for all numbers without a fill.
     *
     * @param noticedQty shares reported by execution notices; the rest of {@code filled} came from queries
     * @param noticedValue what they reported, in units of the currency
     * @param filled shares filled: the greater of notices and queries
     * @param value paid or received for them, in units of the currency, exact
     * @param notices fills already reported by a notice, counted or not: a repeated one proves nothing
     */
    public record FillTotals(long noticedQty, long noticedValue, long filled, long value, Set<NoticedFill> notices) {
        private static final FillTotals NONE = new FillTotals(0, 0, 0, 0, Set.of());

        private FillTotals with(OrderEvent.Filled event) {
            return new FillTotals(
                    noticedQty + event.noticedQty(),
                    noticedValue + event.noticedValue(),
                    filled + event.fill().qty(),
                    value + event.fill().value(),
                    event.noticedQty() == 0 ? notices : withNotice(noticedFill(event)));
        }

        private static NoticedFill noticedFill(OrderEvent.Filled event) {
            return new NoticedFill(
                    event.noticedQty(), event.noticedValue(), event.fill().time());
        }

        private Set<NoticedFill> withNotice(NoticedFill added) {
            var all = new HashSet<>(notices);
            all.add(added);
            return Set.copyOf(all);
        }
    }

    static BrokerOrderRef opened(long odno, String orgNo) {
        // One text for all orders in memory.
        return new BrokerOrderRef(odno, orgNo.intern(), true, FillTotals.NONE);
    }

    BrokerOrderRef withLive(boolean isLive) {
        return new BrokerOrderRef(odno, orgNo, isLive, fills);
    }

    BrokerOrderRef filled(OrderEvent.Filled event) {
        return new BrokerOrderRef(odno, orgNo, live, fills.with(event));
    }

    /** Shares reported by execution notices. */
    public long noticedQty() {
        return fills.noticedQty();
    }

    /** What execution notices reported, in units of the currency. */
    public long noticedValue() {
        return fills.noticedValue();
    }

    /** Shares filled. */
    public long filled() {
        return fills.filled();
    }

    /** Paid or received for them, in units of the currency, exact. */
    public long value() {
        return fills.value();
    }

    /** Fills already reported by a notice. */
    public Set<NoticedFill> notices() {
        return fills.notices();
    }
}
