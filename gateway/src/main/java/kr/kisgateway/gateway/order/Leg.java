package kr.kisgateway.gateway.order;

import java.util.HashSet;
import java.util.Set;

/**
 * One number of the broker in an order's chain. Every modification makes a new one; fills are counted under the number
 * they happened under.
 *
 * @param odno the broker's number
 * @param orgNo the broker's branch number, needed to modify or cancel
 * @param live whether the order rests under this number; a replaced number may still hear of late fills
 * @param noticed shares that execution notices spoke of; the rest of {@code filled} came from queries
 * @param noticedValue won that they spoke of
 * @param filled shares filled, by whichever of notices and queries says more
 * @param value won paid for them, exact
 * @param notices what told of fills, whatever of it counted: the same once more proves nothing
 */
public record Leg(
        long odno,
        String orgNo,
        boolean live,
        long noticed,
        long noticedValue,
        long filled,
        long value,
        Set<Told> notices) {

    /** Everything by which two fills of one number can be told apart; KIS gives fills no id. */
    public record Told(long qty, long value, int time) {}

    static Leg opened(long odno, String orgNo) {
        return new Leg(odno, orgNo, true, 0, 0, 0, 0, Set.of());
    }

    Leg alive(boolean now) {
        return new Leg(odno, orgNo, now, noticed, noticedValue, filled, value, notices);
    }

    Leg filled(OrderEvent.Filled event) {
        return new Leg(
                odno,
                orgNo,
                live,
                noticed + event.noticed(),
                noticedValue + event.noticedValue(),
                filled + event.fill().qty(),
                value + event.fill().value(),
                event.noticed() == 0 ? notices : with(told(event)));
    }

    private static Told told(OrderEvent.Filled event) {
        return new Told(event.noticed(), event.noticedValue(), event.fill().time());
    }

    private Set<Told> with(Told one) {
        var all = new HashSet<>(notices);
        all.add(one);
        return Set.copyOf(all);
    }
}
