package kr.kisgateway.simulator.exchange;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The volatility interruptions of a day, oldest first; beyond its capacity the oldest are dropped. */
final class InterruptionLog {
    private static final int MAX_INTERRUPTIONS = 10_000;

    private final List<Interruption> all = new ArrayList<>();

    /** Records the start of one, before a trade at {@code price} is made. */
    void begin(Stock stock, long price, Instant at) {
        boolean jumps = MarketRules.jumps(stock.instrument(), stock.tape().last(), price);
        boolean strays = MarketRules.strays(stock.interruptionReference(), price);
        int count = (int) all.stream().filter(each -> isOf(each, stock)).count() + 1;
        if (all.size() == MAX_INTERRUPTIONS) {
            all.removeFirst();
        }
        all.add(new Interruption(
                stock.symbol(),
                stock.venue(),
                jumps && strays
                        ? Interruption.Kind.BOTH
                        : strays ? Interruption.Kind.STATIC : Interruption.Kind.DYNAMIC,
                at,
                Optional.empty(),
                price,
                stock.interruptionReference(),
                stock.tape().last(),
                count));
    }

    /** Records one of a dormant stock, in which nothing trades until {@code until}. */
    void add(
            Stock stock,
            long price,
            long staticReference,
            long dynamicReference,
            int count,
            Instant at,
            Instant until) {
        if (all.size() == MAX_INTERRUPTIONS) {
            all.removeFirst();
        }
        all.add(new Interruption(
                stock.symbol(),
                stock.venue(),
                MarketRules.jumps(stock.instrument(), dynamicReference, price)
                        ? Interruption.Kind.BOTH
                        : Interruption.Kind.STATIC,
                at,
                Optional.of(until),
                price,
                staticReference,
                dynamicReference,
                count));
    }

    void end(Stock stock, Instant at) {
        all.replaceAll(each -> isOf(each, stock) && each.ended().isEmpty() ? each.endedAt(at) : each);
    }

    void clear() {
        all.clear();
    }

    /** Their state at {@code now}: one that ends later is in progress. */
    List<Interruption> all(Instant now) {
        return all.stream()
                .map(each -> each.ended().filter(now::isBefore).isPresent() ? each.ongoing() : each)
                .sorted(Comparator.comparing(Interruption::at))
                .toList();
    }

    private static boolean isOf(Interruption each, Stock stock) {
        return each.symbol().equals(stock.symbol()) && each.venue() == stock.venue();
    }
}
