package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.UsWindow;
import kr.kisgateway.simulator.us.UsMarket;
import kr.kisgateway.simulator.us.UsStock;

/**
 * Publishes trades (HDFSCNT0) and the best bid and ask (HDFSASP0) of US stocks. Keys of the day market receive that session
 * only, the others all sessions but that; where hours are not timed there is one session and both receive it.
 */
final class UsFeed {
    /** Records in one frame when trades come faster than the driver steps. */
    private static final int RECORDS_PER_FRAME = 10;

    private static final int MERGED_RECORDS = 4;

    private final UsMarket market;
    private final Sockets sockets;
    private final Faults faults;
    private final BrokerRules rules;
    /** Trade records by key that are not sent yet; empty between steps, unless a fault merges them. */
    private final Map<String, List<List<String>>> pendingTrades = new TreeMap<>();

    UsFeed(UsMarket market, Sockets sockets, Faults faults, BrokerRules rules) {
        this.market = market;
        this.sockets = sockets;
        this.faults = faults;
        this.rules = rules;
    }

    boolean isWatched(UsStock stock) {
        return UsKeys.of(stock.symbol()).stream()
                .anyMatch(key -> !sockets.registered(UsKeys.TRADES, key).isEmpty()
                        || !sockets.registered(UsKeys.BOOKS, key).isEmpty());
    }

    private List<String> activeKeys(UsStock stock) {
        UsWindow window = market.window();
        return market.hours().hasDefinedEnd()
                ? UsKeys.activeKeys(stock.symbol(), window.session() == UsSession.DAY_MARKET)
                : UsKeys.of(stock.symbol());
    }

    void traded(UsStock stock, long price, long qty, Instant at, StepOutput out) {
        for (String key : activeKeys(stock)) {
            if (sockets.receivers(UsKeys.TRADES, key).isEmpty()) {
                continue;
            }
            List<List<String>> pending = pendingTrades.computeIfAbsent(key, k -> new ArrayList<>());
            if (pending.size() == RECORDS_PER_FRAME) {
                publishTrades(key, pending, out);
            }
            pending.add(UsFrames.trade(
                    key,
                    stock,
                    price,
                    qty,
                    market.date(),
                    UsFrames.session(market.window().session()),
                    faults.brokerTime(at)));
        }
    }

    private void publishTrades(String key, List<List<String>> pending, StepOutput out) {
        List<Long> watchers = sockets.receivers(UsKeys.TRADES, key);
        if (faults.isOn("split_records")) {
            pending.forEach(record -> out.push(watchers, UsFrames.frame(UsKeys.TRADES, List.of(record))));
        } else if (!watchers.isEmpty()) {
            out.push(watchers, UsFrames.frame(UsKeys.TRADES, pending));
        }
        pending.clear();
    }

    /** Publishes the trades of this step, and the books that are due. */
    void flush(Instant now, StepOutput out) {
        int minRecords = faults.isOn("merge_records") ? MERGED_RECORDS : 1;
        pendingTrades.forEach((key, pending) -> {
            if (pending.size() >= minRecords) {
                publishTrades(key, pending, out);
            }
        });
        for (UsStock stock : market.all()) {
            List<String> keys = activeKeys(stock).stream()
                    .filter(key -> !sockets.receivers(UsKeys.BOOKS, key).isEmpty())
                    .toList();
            if (!keys.isEmpty() && stock.takeBookDue(now, rules.bookSpacing())) {
                keys.forEach(key -> out.push(
                        sockets.receivers(UsKeys.BOOKS, key),
                        UsFrames.frame(UsKeys.BOOKS, List.of(UsFrames.book(key, stock, faults.brokerTime(now))))));
            }
        }
    }
}
