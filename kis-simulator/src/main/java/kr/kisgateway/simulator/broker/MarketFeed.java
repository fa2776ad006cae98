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
 * What those hear who have registered for the market's data: trades and books of each venue and of both, what auctions would
 * give, and what the market does with a stock.
 *
 * <p>With calendars that know no auction, expected trades are made up, as those of other things are, and so are the doings of NXT
 * and of both venues together; KRX's are its halts and interruptions.
 */
final class MarketFeed {
    /** Records in one frame when trades come faster than the driver steps; about what KIS was seen to send. */
    private static final int RECORDS_PER_FRAME = 10;

    /** Records that a frame waits for while a fault merges them. */
    private static final int MERGED_RECORDS = 4;

    private record Watched(Outlook outlook, Symbol symbol) implements Comparable<Watched> {
        @Override
        public int compareTo(Watched other) {
            int symbols = symbol.compareTo(other.symbol);
            return symbols != 0 ? symbols : outlook.compareTo(other.outlook);
        }
    }

    private final Exchange exchange;
    private final Sockets sockets;
    private final Faults faults;
    private final BrokerRules rules;
    private final Supplier<LocalDate> day;

    /** Trade records that wait for their frame; empty between steps, unless a fault merges them. */
    private final Map<Watched, List<TapeRecord>> prints = new TreeMap<>();

    MarketFeed(Exchange exchange, Sockets sockets, Faults faults, BrokerRules rules, Supplier<LocalDate> day) {
        this.exchange = exchange;
        this.sockets = sockets;
        this.faults = faults;
        this.rules = rules;
        this.day = day;
    }

    /** Whether somebody has registered for anything that the stock's trading moves. */
    boolean watched(Stock stock) {
        return Outlook.of(stock.venue()).stream()
                .flatMap(outlook -> outlook.all().stream())
                .anyMatch(trId -> !sockets.registered(trId, stock.symbol()).isEmpty());
    }

    void traded(Stock stock, long price, long qty, Optional<Side> aggressor, Instant at, Out out) {
        for (Outlook outlook : Outlook.of(stock.venue())) {
            if (sockets.watchers(outlook.trades(), stock.symbol()).isEmpty()) {
                continue;
            }
            Watched watched = new Watched(outlook, stock.symbol());
            List<TapeRecord> waiting = prints.computeIfAbsent(watched, s -> new ArrayList<>());
            if (waiting.size() == RECORDS_PER_FRAME) {
                tellTrades(watched, waiting, out);
            }
            Shot.of(exchange, stock.symbol(), outlook)
                    .ifPresent(shot -> waiting.add(Frames.trade(
                            shot, price, qty, aggressor, Frames.yyyymmdd(day.get()), Ledger.time(faults.shown(at)))));
        }
    }

    private void tellTrades(Watched watched, List<TapeRecord> waiting, Out out) {
        List<Long> watchers = sockets.watchers(watched.outlook().trades(), watched.symbol());
        if (faults.on("split_records")) {
            waiting.forEach(record ->
                    push(watchers, columns -> Frames.trades(watched.outlook(), columns, List.of(record)), out));
        } else {
            push(watchers, columns -> Frames.trades(watched.outlook(), columns, waiting), out);
        }
        waiting.clear();
    }

    /** Each watcher gets the columns of today, or the classic ones where its key wants those. */
    private void push(List<Long> watchers, Function<Columns, String> frame, Out out) {
        Columns today = Columns.on(day.get());
        List<Long> classic = today == Columns.CLASSIC ? List.of() : sockets.wantClassic(watchers);
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

    /** A stock went from one phase to another. */
    void turned(Stock stock, Phase before, Phase after, Out out) {
        if (!exchange.timed() && !isStopped(before) && !isStopped(after)) {
            return;
        }
        for (Outlook outlook : Outlook.of(stock.venue())) {
            List<Long> watchers = sockets.watchers(outlook.status(), stock.symbol());
            if (!watchers.isEmpty()) {
                operations(before, after).forEach(code -> out.push(watchers, Frames.status(outlook, stock, code)));
            }
        }
    }

    private static boolean isStopped(Phase phase) {
        return phase == Phase.HALTED || phase == Phase.INTERRUPTED || phase == Phase.RESUMING;
    }

    /** MKOP_CLS_CODE of what begins or ends, as far as it is known. */
    private List<String> operations(Phase before, Phase after) {
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

    /** Tells the trades of this step, and the books that are due. */
    void flush(Instant now, Out out) {
        int enough = faults.on("merge_records") ? MERGED_RECORDS : 1;
        prints.forEach((watched, waiting) -> {
            if (waiting.size() >= enough) {
                tellTrades(watched, waiting, out);
            }
        });
        for (Symbol symbol : sockets.booksWatched()) {
            Optional<Stock> krx = exchange.find(symbol).filter(stock -> due(stock, now));
            Optional<Stock> nxt = sockets.watchesNxt(symbol)
                    ? exchange.find(symbol, Venue.NXT).filter(stock -> due(stock, now))
                    : Optional.empty();
            krx.ifPresent(stock -> tellBook(Outlook.KRX, stock, now, out));
            nxt.ifPresent(stock -> tellBook(Outlook.NXT, stock, now, out));
            krx.or(() -> nxt).ifPresent(stock -> tellBook(Outlook.BOTH, stock, now, out));
        }
    }

    private boolean due(Stock stock, Instant now) {
        return exchange.bookDue(stock, now, rules.bookSpacing());
    }

    private void tellBook(Outlook outlook, Stock stock, Instant now, Out out) {
        Symbol symbol = stock.symbol();
        List<Long> books = sockets.watchers(outlook.books(), symbol);
        List<Long> expected =
                exchange.timed() && stock.phase().collects() ? sockets.watchers(outlook.expected(), symbol) : List.of();
        if (books.isEmpty() && expected.isEmpty()) {
            return;
        }
        Shot.of(exchange, symbol, outlook).ifPresent(shot -> {
            if (!books.isEmpty()) {
                push(books, columns -> Frames.book(outlook, shot, columns, Ledger.time(faults.shown(now))), out);
            }
            if (!expected.isEmpty()) {
                out.push(expected, Frames.expected(outlook, shot, day.get(), Ledger.time(faults.shown(now))));
            }
        });
    }
}
