package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.order.Broker.Listed;
import kr.kisgateway.gateway.order.Broker.Listing.Complete;

/**
 * The broker's list of a day by the numbers in it, beside what was believed when it came.
 *
 * <p>Nearly every order rests as listed, and there may be tens of thousands. To find those needs nothing that changes, so
 * it is done where the list is read; the one thread that everybody waits for looks at the others, and at what has
 * happened since the list was asked for.
 */
public final class ListReading {
    private final Complete listing;
    private final Map<Long, Integer> byNumber;
    private final Map<Long, List<Listed>> modifications = new HashMap<>();
    private final List<Listed> unsettled = new ArrayList<>();
    private final List<OrderId> toCompare = new ArrayList<>();
    private final OrderEffect.AskBroker question;
    private final Instant end;

    private ListReading(OrderEffect.AskBroker question, Complete listing, Instant end) {
        this.question = question;
        this.listing = listing;
        this.end = end;
        this.byNumber = HashMap.newHashMap(listing.orders().size());
        for (int i = 0; i < listing.orders().size(); i++) {
            Listed row = listing.orders().get(i);
            byNumber.put(row.odno(), i);
            if (row.kind() == Listed.Kind.MODIFY && row.rejected() == 0) {
                modifications
                        .computeIfAbsent(row.original(), _ -> new ArrayList<>())
                        .add(row);
            }
        }
    }

    /**
     * Reads the list that answers {@code question} beside {@code believed}.
     *
     * @param believed open orders as they stood when the question was asked, or at any time since
     * @param end when the session of the day ends
     */
    public static ListReading of(
            OrderEffect.AskBroker question, Complete listing, Collection<Order> believed, Instant end) {
        var reading = new ListReading(question, listing, end);
        var settled = new BitSet(listing.orders().size());
        for (Order order : believed) {
            if (!order.tradingDay().equals(question.day())) {
                continue;
            }
            if (!reading.nothingToFind(order)) {
                reading.toCompare.add(order.id());
                continue;
            }
            order.liveLeg().map(leg -> reading.byNumber.get(leg.odno())).ifPresent(settled::set);
        }
        for (int i = settled.nextClearBit(0); i < listing.orders().size(); i = settled.nextClearBit(i + 1)) {
            reading.unsettled.add(listing.orders().get(i));
        }
        return reading;
    }

    /** Whether this is what came of {@code asked}, and not of a question of an earlier life. */
    boolean answers(OrderEffect.AskBroker asked) {
        return question.equals(asked);
    }

    Complete listing() {
        return listing;
    }

    /** The row of a number. */
    Optional<Listed> of(long odno) {
        return Optional.ofNullable(byNumber.get(odno)).map(listing.orders()::get);
    }

    /** The modifications of a number that the exchange did not refuse. */
    List<Listed> modificationsOf(long odno) {
        return modifications.getOrDefault(odno, List.of());
    }

    /** Rows that are not those of an order resting as listed. */
    List<Listed> unsettled() {
        return unsettled;
    }

    /** Open orders of which the list may tell something. */
    List<OrderId> toCompare() {
        return toCompare;
    }

    /** Whether comparing the order would find nothing. */
    boolean nothingToFind(Order order) {
        boolean plain = order.requests().size() == 1
                && order.end().isEmpty()
                && listing.askedAt().isBefore(end);
        return plain
                && switch (order.placing().state()) {
                    case PLANNED, SENDING -> true; // what the broker knows of it comes as its answer
                    case ACKED -> restsAsListed(order);
                    case REFUSED, IN_DOUBT, DONE -> false;
                };
    }

    /** Whether its row says what we believe. One that is not on the list is younger, or not on it yet. */
    private boolean restsAsListed(Order order) {
        Leg leg = order.legs().getFirst();
        if (order.legs().size() > 1 || !leg.live() || modifications.containsKey(leg.odno())) {
            return false;
        }
        return of(leg.odno())
                .map(row -> row.filled() <= leg.filled() && gone(order, leg, row) <= 0 && row.rejected() == 0)
                .orElse(true);
    }

    /**
     * Shares that are neither filled nor resting and that we did not know to be gone. What rests under a new number is
     * what was left of the old one, so the numbers before it count with their fills alone: what the broker shows as
     * cancelled there went on under the new one, or was taken away before.
     */
    static long gone(Order order, Leg live, Listed row) {
        long filledBefore = order.filled() - live.filled();
        return order.terms().qty() - filledBefore - (row.qty() - row.rejected() - row.canceled());
    }
}
