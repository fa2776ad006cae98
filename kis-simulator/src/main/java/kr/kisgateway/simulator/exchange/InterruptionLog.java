package kr.kisgateway.simulator.exchange;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The volatility interruptions of a day, the oldest first; after the most it holds, the oldest are forgotten. */
final class InterruptionLog {
    private static final int MOST = 10_000;

    private final List<Interruption> all = new ArrayList<>();

    /** Notes one that begins, before a trade at {@code price} is made. */
    void begin(Stock stock, long price, Instant at) {
        boolean jumps = MarketRules.jumps(stock.instrument(), stock.tape().last(), price);
        boolean strays = MarketRules.strays(stock.interruptionReference(), price);
        int count = (int) all.stream().filter(each -> isOf(each, stock)).count() + 1;
        if (all.size() == MOST) {
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

    void end(Stock stock, Instant at) {
        all.replaceAll(each -> isOf(each, stock) && each.ended().isEmpty() ? each.endedAt(at) : each);
    }

    void clear() {
        all.clear();
    }

    List<Interruption> all() {
        return List.copyOf(all);
    }

    private static boolean isOf(Interruption each, Stock stock) {
        return each.symbol().equals(stock.symbol()) && each.venue() == stock.venue();
    }
}
