package kr.kisgateway.simulator.broker;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import kr.kisgateway.simulator.entity.Change;

/**
 * All records that a core is opened on, the newest of each entity, in the order of restoration: keys before what refers to
 * them, tokens by their age, orders by their priority so that they queue as before. Created by {@link #of}.
 */
public record StoredChanges(List<Change> changes) {
    /** A modify that kept its order's place has its priority too, and follows it by its higher number. */
    private static final Comparator<Change.Order> BY_PRIORITY = Comparator.comparingLong(Change.Order::priority)
            .thenComparing(Change.Order::day)
            .thenComparingLong(Change.Order::odno);

    private static final Comparator<Change> RESTORE_ORDER = Comparator.comparingInt(StoredChanges::restoreRank)
            .thenComparing((a, b) -> switch (a) {
                case Change.Token t
                when b instanceof Change.Token u -> t.issuedAt().compareTo(u.issuedAt());
                case Change.Order o when b instanceof Change.Order p -> BY_PRIORITY.compare(o, p);
                default -> 0;
            });

    public StoredChanges {
        changes = List.copyOf(changes);
    }

    /** The records of a new file: none. */
    public static StoredChanges none() {
        return new StoredChanges(List.of());
    }

    /**
     * Sorts the newest records of all entities. Fills are left out: an order's own record counts them.
     *
     * @param newest in any order
     */
    public static StoredChanges of(Collection<Change> newest) {
        return new StoredChanges(newest.stream()
                .filter(change -> !(change instanceof Change.Fill))
                .sorted(RESTORE_ORDER)
                .toList());
    }

    private static int restoreRank(Change change) {
        return switch (change) {
            case Change.Identity c -> 0;
            case Change.Key c -> 1;
            case Change.KeyAccount c -> 2;
            case Change.Token c -> 3;
            case Change.Day c -> 4;
            case Change.Cash c -> 5;
            case Change.Holding c -> 6;
            case Change.Loan c -> 6;
            case Change.Dividend c -> 6;
            case Change.Order c -> 7;
            case Change.Fill c -> 8;
            case Change.Price c -> 9;
            case Change.FirstDay c -> 10;
            case Change.Traded c -> 11;
            case Change.TradedMinutes c -> 11;
            case Change.TodaysMinutes c -> 11;
            case Change.TradingDate c -> 12;
        };
    }
}
