package kr.kisgateway.gateway.order;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import kr.kisgateway.gateway.journal.Journal;

/**
 * Adds to an input what the core's memory no longer has: the first use of its idempotency key, and an order of an earlier day.
 * Reads on the journal's own thread; belongs to one ownership of the journal.
 */
final class StoredOrders {
    private final OrderStore store;
    private final Journal journal;
    private final OrderStore.DeskStatements statements;
    private final OrderCore core;

    /** What the journal has of the keys that were looked up for the inputs being decided. */
    private final Map<KeyUse.Name, Optional<OrderInput.PriorUse>> uses = new HashMap<>();

    StoredOrders(OrderStore store, Journal journal, OrderStore.DeskStatements statements, OrderCore core) {
        this.store = store;
        this.journal = journal;
        this.statements = statements;
        this.core = core;
    }

    /**
     * Begins with inputs that are decided one after the other, and looks up the keys of the placings among them where that saves
     * round trips. Until all are committed, the journal has no other use of a key.
     */
    void lookUpKeys(List<OrderInput> group) {
        uses.clear();
        if (statements.priors().isEmpty()) {
            return;
        }
        Set<KeyUse.Name> names = new LinkedHashSet<>();
        for (OrderInput input : group) {
            switch (input) {
                case OrderInput.Place place -> addName(place, names);
                case OrderInput.PlaceBatch batch -> batch.orders().forEach(place -> addName(place, names));
                default -> {
                    // looks its key up by itself
                }
            }
        }
        if (names.size() > 1) {
            Map<KeyUse.Name, OrderInput.PriorUse> found = journal.onWriter(
                    _ -> OrderStore.priorUses(statements.priors().orElseThrow(), List.copyOf(names)));
            names.forEach(name -> uses.put(name, Optional.ofNullable(found.get(name))));
        }
    }

    /** The input with what the journal has of its key and its order. */
    OrderInput addTo(OrderInput input) {
        return switch (input) {
            case OrderInput.Place p -> withPrior(p);
            case OrderInput.PlaceBatch batch ->
                new OrderInput.PlaceBatch(
                        batch.ticket(),
                        batch.orders().stream().map(p -> withPrior(p)).toList());
            case OrderInput.Cancel c -> {
                Stored stored = stored(c.order(), c.scope(), c.key(), CancelCommands::defaultKey);
                yield new OrderInput.Cancel(c.ticket(), c.order(), c.scope(), c.key(), stored.order(), stored.prior());
            }
            case OrderInput.Modify m -> {
                Stored stored = stored(m.order(), m.scope(), m.key(), TradingCommands::defaultModifyKey);
                yield new OrderInput.Modify(
                        m.ticket(),
                        m.order(),
                        m.qty(),
                        m.price(),
                        m.successor(),
                        m.scope(),
                        m.key(),
                        m.orderContext(),
                        stored.order(),
                        stored.prior());
            }
            case OrderInput.Resolve r -> {
                Stored stored = stored(r.order(), r.scope(), r.key(), order -> "resolve:" + order.id());
                yield new OrderInput.Resolve(
                        r.ticket(),
                        r.order(),
                        r.decision(),
                        r.note(),
                        r.scope(),
                        r.key(),
                        stored.order(),
                        stored.prior());
            }
            case OrderInput.CancelAll all ->
                new OrderInput.CancelAll(
                        all.ticket(),
                        all.filter(),
                        all.key(),
                        prior(all.key().name()),
                        journal.onWriter(connection ->
                                store.cancelAll(connection, all.key().name())));
            case OrderInput.PlaceReplacement _,
                    OrderInput.ReplacementRefused _,
                    OrderInput.FoundResting _,
                    OrderInput.Reconcile _,
                    OrderInput.Append _,
                    OrderInput.QueryCash _,
                    OrderInput.QueryDailyAmount _,
                    OrderInput.KillSwitch _,
                    OrderInput.SetLimits _,
                    OrderInput.SlotGranted _,
                    OrderInput.SlotTimedOut _,
                    OrderInput.SlotSuspended _,
                    OrderInput.SendStopped _,
                    OrderInput.Answered _,
                    OrderInput.Noticed _,
                    OrderInput.ListArrived _,
                    OrderInput.NoticesMissed _,
                    OrderInput.TimerDue _ -> input;
        };
    }

    private static void addName(OrderInput.Place place, Set<KeyUse.Name> names) {
        if (place.usesKey()) {
            names.add(place.key().name());
        }
    }

    private OrderInput.Place withPrior(OrderInput.Place p) {
        if (!p.usesKey()) {
            return p;
        }
        return new OrderInput.Place(
                p.ticket(),
                p.order(),
                p.terms(),
                p.key(),
                p.orderContext(),
                prior(p.key().name()),
                p.mode());
    }

    private Optional<OrderInput.PriorUse> prior(KeyUse.Name name) {
        return uses.computeIfAbsent(name, it -> journal.onWriter(_ -> OrderStore.priorUse(statements.prior(), it)));
    }

    private record Stored(Optional<Order> order, Optional<OrderInput.PriorUse> prior) {}

    /** @param ownKey the key that the core uses when the caller sent none */
    private Stored stored(OrderId id, String scope, Optional<String> key, Function<Order, String> ownKey) {
        Optional<Order> stored = core.order(id).isPresent()
                ? Optional.empty()
                : journal.onWriter(connection -> store.find(connection, id));
        Optional<KeyUse.Name> name = core.order(id)
                .or(() -> stored)
                .map(order -> new KeyUse.Name(scope, key.orElseGet(() -> ownKey.apply(order))));
        return new Stored(stored, name.flatMap(n -> prior(n)));
    }
}
