package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
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
    private record FeedKey(VenueScope scope, Symbol symbol) implements Comparable<FeedKey> {
        @Override
        public int compareTo(FeedKey other) {
            int symbols = symbol.compareTo(other.symbol);
            return symbols != 0 ? symbols : scope.compareTo(other.scope);
        }
    }

    private final Exchange exchange;
    private final Registrations registrations;
    private final Sockets sockets;
    private final Faults faults;
    private final BrokerRules rules;
    private final Supplier<LocalDate> day;

    private final PendingTrades<FeedKey, TapeRecord> pendingTrades;

    MarketFeed(
            Exchange exchange,
            Registrations registrations,
            Sockets sockets,
            Faults faults,
            BrokerRules rules,
            Supplier<LocalDate> day) {
        this.exchange = exchange;
        this.registrations = registrations;
        this.sockets = sockets;
        this.faults = faults;
        this.rules = rules;
        this.day = day;
        this.pendingTrades = new PendingTrades<>(faults, this::publishTrades);
    }

    /** Whether a registration depends on the stock's trading. */
    boolean isWatched(Stock stock) {
        return VenueScope.of(stock.venue()).stream()
                .flatMap(scope -> scope.allTrs().stream())
                .anyMatch(trId ->
                        !registrations.sessions(trId, stock.symbol().code()).isEmpty());
    }

    void traded(Stock stock, long price, long qty, Optional<Side> aggressor, Instant at, StepOutput out) {
        for (VenueScope scope : VenueScope.of(stock.venue())) {
            if (registrations.receivers(scope.tradesTr(), stock.symbol().code()).isEmpty()) {
                continue;
            }
            MarketSnapshot.of(exchange, stock.symbol(), scope)
                    .map(snapshot -> Frames.trade(
                            snapshot,
                            price,
                            qty,
                            aggressor,
                            Frames.yyyymmdd(day.get()),
                            KoreanLedger.koreanTime(faults.brokerTime(at))))
                    .ifPresent(trade -> pendingTrades.add(new FeedKey(scope, stock.symbol()), trade, out));
        }
    }

    private void publishTrades(FeedKey feedKey, List<TapeRecord> trades, StepOutput out) {
        push(
                registrations.receivers(
                        feedKey.scope().tradesTr(), feedKey.symbol().code()),
                columns -> Frames.trades(feedKey.scope(), columns, trades),
                out);
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
            List<Long> watchers =
                    registrations.receivers(scope.statusTr(), stock.symbol().code());
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
        pendingTrades.flush(out);
        for (Symbol symbol : registrations.watchedBooks()) {
            Optional<Stock> krx = exchange.find(symbol).filter(stock -> isBookDue(stock, now));
            Optional<Stock> nxt = registrations.watchesNxt(symbol)
                    ? exchange.find(symbol, Venue.NXT).filter(stock -> isBookDue(stock, now))
                    : Optional.empty();
            krx.ifPresent(stock -> publishBook(VenueScope.KRX, stock, now, out));
            nxt.ifPresent(stock -> publishBook(VenueScope.NXT, stock, now, out));
            krx.or(() -> nxt).ifPresent(stock -> publishBook(VenueScope.BOTH, stock, now, out));
        }
    }

    private boolean isBookDue(Stock stock, Instant now) {
        return stock.takeBookDue(now, rules.bookSpacing());
    }

    private void publishBook(VenueScope scope, Stock stock, Instant now, StepOutput out) {
        Symbol symbol = stock.symbol();
        List<Long> books = registrations.receivers(scope.booksTr(), symbol.code());
        List<Long> expected = exchange.timed() && stock.phase().isAuction()
                ? registrations.receivers(scope.expectedTr(), symbol.code())
                : List.of();
        if (books.isEmpty() && expected.isEmpty()) {
            return;
        }
        MarketSnapshot.of(exchange, symbol, scope).ifPresent(snapshot -> {
            if (!books.isEmpty()) {
                push(
                        books,
                        columns ->
                                Frames.book(scope, snapshot, columns, KoreanLedger.koreanTime(faults.brokerTime(now))),
                        out);
            }
            if (!expected.isEmpty()) {
                out.push(
                        expected,
                        Frames.expected(scope, snapshot, day.get(), KoreanLedger.koreanTime(faults.brokerTime(now))));
            }
        });
    }
}
