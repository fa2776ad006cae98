package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.Stock;
import kr.kisgateway.wire.print.TapeRecord;

/**
 * Publishes market data to its subscribers: trades and books of each venue and of both, expected auction results, and the
 * market status of stocks.
 *
 * <p>With calendars without auctions, expected trades are made up, as other realtime data are, and so is the market status of
 * NXT and of both venues together; KRX's consists of its halts and interruptions.
 */
final class MarketFeed {
    /** Records in one frame when trades come faster than the driver steps; about the number that KIS sends. */
    private static final int RECORDS_PER_FRAME = 10;

    /** Records that a frame collects while a fault merges them. */
    private static final int MERGED_RECORDS = 4;

    private record FeedKey(VenueScope scope, Symbol symbol) implements Comparable<FeedKey> {
        @Override
        public int compareTo(FeedKey other) {
            int symbols = symbol.compareTo(other.symbol);
            return symbols != 0 ? symbols : scope.compareTo(other.scope);
        }
    }

    private final Exchange exchange;
    private final Sockets sockets;
    private final Faults faults;
    private final BrokerRules rules;
    private final Supplier<LocalDate> day;

    /** Trade records not sent yet; empty between steps, unless a fault merges them. */
    private final Map<FeedKey, List<TapeRecord>> pendingTrades = new TreeMap<>();

    MarketFeed(Exchange exchange, Sockets sockets, Faults faults, BrokerRules rules, Supplier<LocalDate> day) {
        this.exchange = exchange;
        this.sockets = sockets;
        this.faults = faults;
        this.rules = rules;
        this.day = day;
    }

    /** Whether a registration depends on the stock's trading. */
    boolean isWatched(Stock stock) {
        return VenueScope.of(stock.venue()).stream()
                .flatMap(scope -> scope.allTrs().stream())
                .anyMatch(trId -> !sockets.registered(trId, stock.symbol()).isEmpty());
    }

    void traded(Stock stock, long price, long qty, Optional<Side> aggressor, Instant at, StepOutput out) {
        for (VenueScope scope : VenueScope.of(stock.venue())) {
            if (sockets.watchers(scope.tradesTr(), stock.symbol()).isEmpty()) {
                continue;
            }
            FeedKey feedKey = new FeedKey(scope, stock.symbol());
            List<TapeRecord> pending = pendingTrades.computeIfAbsent(feedKey, s -> new ArrayList<>());
            if (pending.size() == RECORDS_PER_FRAME) {
                publishTrades(feedKey, pending, out);
            }
            MarketSnapshot.of(exchange, stock.symbol(), scope)
                    .ifPresent(snapshot -> pending.add(Frames.trade(
                            snapshot,
                            price,
                            qty,
                            aggressor,
                            Frames.yyyymmdd(day.get()),
                            Ledger.time(faults.brokerTime(at)))));
        }
    }

    private void publishTrades(FeedKey feedKey, List<TapeRecord> pending, StepOutput out) {
        List<Long> watchers = sockets.watchers(feedKey.scope().tradesTr(), feedKey.symbol());
        if (faults.isOn("split_records")) {
            pending.forEach(
                    record -> push(watchers, columns -> Frames.trades(feedKey.scope(), columns, List.of(record)), out));
        } else {
            push(watchers, columns -> Frames.trades(feedKey.scope(), columns, pending), out);
        }
        pending.clear();
    }

    /** Sends each subscriber the columns of today, or the classic ones where its key uses those. */
    private void push(List<Long> watchers, Function<Columns, String> frame, StepOutput out) {
        Columns today = Columns.on(day.get());
        List<Long> classic = today == Columns.CLASSIC ? List.of() : sockets.classicSessions(watchers);
        if (classic.isEmpty()) {
            out.push(watchers, frame.apply(today));
            return;
        }
        out.push(classic, frame.apply(Columns.CLASSIC));
        List<Long> others =
                watchers.stream().filter(session -> !classic.contains(session)).toList();
        if (!others.isEmpty()) {
            out.push(others, frame.apply(today));
        }
    }

    /** Publishes a stock's phase change. */
    void publishPhaseChange(Stock stock, Phase before, Phase after, StepOutput out) {
        if (!exchange.timed() && !isStopped(before) && !isStopped(after)) {
            return;
        }
        for (VenueScope scope : VenueScope.of(stock.venue())) {
            List<Long> watchers = sockets.watchers(scope.statusTr(), stock.symbol());
            if (!watchers.isEmpty()) {
                operationCodes(before, after).forEach(code -> out.push(watchers, Frames.status(scope, stock, code)));
            }
        }
    }

    private static boolean isStopped(Phase phase) {
        return phase == Phase.HALTED || phase == Phase.INTERRUPTED || phase == Phase.RESUMING;
    }

    /** MKOP_CLS_CODE of the operations that begin or end, as far as documented. */
    private List<String> operationCodes(Phase before, Phase after) {
        boolean breaker = exchange.marketHaltedToday();
        if (before == Phase.HALTED && after == Phase.RESUMING) {
            return breaker ? List.of("175", "184") : List.of("");
        }
        if (before == Phase.RESUMING && breaker) {
            return List.of("185");
        }
        return List.of(
                switch (after) {
                    case OPENING_AUCTION -> "110";
                    case REGULAR -> before == Phase.INTERRUPTED || before == Phase.RESUMING ? "" : "112";
                    case CLOSING_AUCTION -> "121";
                    case PREVIOUS_CLOSE -> "130";
                    case CLOSE_PRICE -> "140";
                    case SINGLE_PRICE -> "150";
                    case HALTED -> breaker ? "174" : "164";
                    case CLOSED ->
                        switch (before) {
                            case CLOSING_AUCTION -> "129";
                            case PREVIOUS_CLOSE -> "139";
                            case CLOSE_PRICE -> "149";
                            case SINGLE_PRICE -> "159";
                            default -> "";
                        };
                    case BREAK, PRE_MARKET, AFTER_INTAKE, AFTER_MARKET, CLOSE_PRICE_INTAKE, INTERRUPTED, RESUMING -> "";
                });
    }

    /** Publishes the trades of this step, and the books that are due. */
    void flush(Instant now, StepOutput out) {
        int minRecords = faults.isOn("merge_records") ? MERGED_RECORDS : 1;
        pendingTrades.forEach((feedKey, pending) -> {
            if (pending.size() >= minRecords) {
                publishTrades(feedKey, pending, out);
            }
        });
        for (Symbol symbol : sockets.watchedBooks()) {
            Optional<Stock> krx = exchange.find(symbol).filter(stock -> isBookDue(stock, now));
            Optional<Stock> nxt = sockets.watchesNxt(symbol)
                    ? exchange.find(symbol, Venue.NXT).filter(stock -> isBookDue(stock, now))
                    : Optional.empty();
            krx.ifPresent(stock -> publishBook(VenueScope.KRX, stock, now, out));
            nxt.ifPresent(stock -> publishBook(VenueScope.NXT, stock, now, out));
            krx.or(() -> nxt).ifPresent(stock -> publishBook(VenueScope.BOTH, stock, now, out));
        }
    }

    private boolean isBookDue(Stock stock, Instant now) {
        return exchange.takeBookDue(stock, now, rules.bookSpacing());
    }

    private void publishBook(VenueScope scope, Stock stock, Instant now, StepOutput out) {
        Symbol symbol = stock.symbol();
        List<Long> books = sockets.watchers(scope.booksTr(), symbol);
        List<Long> expected = exchange.timed() && stock.phase().isAuction()
                ? sockets.watchers(scope.expectedTr(), symbol)
                : List.of();
        if (books.isEmpty() && expected.isEmpty()) {
            return;
        }
        MarketSnapshot.of(exchange, symbol, scope).ifPresent(snapshot -> {
            if (!books.isEmpty()) {
                push(books, columns -> Frames.book(scope, snapshot, columns, Ledger.time(faults.brokerTime(now))), out);
            }
            if (!expected.isEmpty()) {
                out.push(expected, Frames.expected(scope, snapshot, day.get(), Ledger.time(faults.brokerTime(now))));
            }
        });
    }
}
