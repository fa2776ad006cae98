package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.util.List;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.UsWindow;
import kr.kisgateway.simulator.us.UsMarket;
import kr.kisgateway.simulator.us.UsStock;

/**
 * Publishes trades (HDFSCNT0) and the best bid and ask (HDFSASP0) of US stocks. Keys of the day market receive that session
 * only, the others all sessions but that; where hours are not timed there is one session and both receive it.
 */
final class UsFeed {
    private final UsMarket market;
    private final Registrations registrations;
    private final Faults faults;
    private final BrokerRules rules;
    private final PendingTrades<String, List<String>> pendingTrades;

    UsFeed(UsMarket market, Registrations registrations, Faults faults, BrokerRules rules) {
        this.market = market;
        this.registrations = registrations;
        this.faults = faults;
        this.rules = rules;
        this.pendingTrades = new PendingTrades<>(faults, this::publishTrades);
    }

    boolean isWatched(UsStock stock) {
        return UsKeys.of(stock.symbol()).stream()
                .anyMatch(key -> !registrations.sessions(UsKeys.TRADES, key).isEmpty()
                        || !registrations.sessions(UsKeys.BOOKS, key).isEmpty());
    }

    private List<String> activeKeys(UsStock stock) {
        UsWindow window = market.window();
        return market.hours().hasDefinedEnd()
                ? UsKeys.activeKeys(stock.symbol(), window.session() == UsSession.DAY_MARKET)
                : UsKeys.of(stock.symbol());
    }

    void traded(UsStock stock, long price, long qty, Instant at, StepOutput out) {
        for (String key : activeKeys(stock)) {
            if (registrations.receivers(UsKeys.TRADES, key).isEmpty()) {
                continue;
            }
            List<String> trade = UsFrames.trade(
                    key,
                    stock,
                    price,
                    qty,
                    market.date(),
                    UsFrames.session(market.window().session()),
                    faults.brokerTime(at));
            pendingTrades.add(key, trade, out);
        }
    }

    private void publishTrades(String key, List<List<String>> trades, StepOutput out) {
        out.push(registrations.receivers(UsKeys.TRADES, key), UsFrames.frame(UsKeys.TRADES, trades));
    }

    /** Publishes the trades of this step, and the books that are due. */
    void flush(Instant now, StepOutput out) {
        pendingTrades.flush(out);
        for (UsStock stock : market.all()) {
            List<String> keys = activeKeys(stock).stream()
                    .filter(key -> !registrations.receivers(UsKeys.BOOKS, key).isEmpty())
                    .toList();
            if (!keys.isEmpty() && stock.takeBookDue(now, rules.bookSpacing())) {
                keys.forEach(key -> out.push(
                        registrations.receivers(UsKeys.BOOKS, key),
                        UsFrames.frame(UsKeys.BOOKS, List.of(UsFrames.book(key, stock, faults.brokerTime(now))))));
            }
        }
    }
}
