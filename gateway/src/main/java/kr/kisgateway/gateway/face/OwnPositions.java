package kr.kisgateway.gateway.face;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import kr.kisgateway.gateway.order.Fill;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderStore;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingCalendar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Positions of keys by the fills of their own orders in cash: shares bought minus shares sold. Shares bought on credit have rows
 * and loans of their own, which are not divided among keys. The orders of a key are read from the
 * journal at its first question, and followed from then on.
 */
final class OwnPositions {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.face");
    private static final int PAGE = 1_000;
    /** Orders of a key that count, the newest. */
    private static final int ORDERS_MAX = 100_000;

    private final OrderDesk desk;
    private final Map<String, Book> books = new ConcurrentHashMap<>();

    OwnPositions(OrderDesk desk) {
        this.desk = desk;
    }

    /**
     * A key's share of a symbol.
     *
     * @param qty shares bought minus shares sold; negative when it sold shares that it had not bought
     * @param cost won paid for them, by the average price of what was bought
     * @param openSells shares of its open sell orders
     * @param trades of the days on which it traded the symbol
     */
    record Position(long qty, long cost, long openSells, Map<LocalDate, Day> trades) {
        static final Position NONE = new Position(0, 0, 0, Map.of());

        Day on(LocalDate day) {
            return trades.getOrDefault(day, Day.NONE);
        }
    }

    /** Shares and won of a trading day. */
    record Day(long bought, long boughtValue, long sold, long soldValue) {
        static final Day NONE = new Day(0, 0, 0, 0);

        private Day plus(Side side, Fill fill) {
            return side == Side.BUY
                    ? new Day(bought + fill.qty(), boughtValue + fill.value(), sold, soldValue)
                    : new Day(bought, boughtValue, sold + fill.qty(), soldValue + fill.value());
        }
    }

    /** What counts of an order. */
    private record Entry(
            OrderId id,
            long seq,
            String account,
            String symbol,
            Side side,
            LocalDate day,
            Instant at,
            long remaining,
            List<Fill> fills) {
        static Entry of(Order order) {
            var terms = order.terms();
            return new Entry(
                    order.id(),
                    order.seq(),
                    terms.accountId(),
                    terms.symbol().code(),
                    terms.side(),
                    order.tradingDay(),
                    order.updatedAt(),
                    order.remaining(),
                    List.copyOf(order.fills()));
        }

        /** KST wall-clock time of a fill; that of the order's last change where KIS gave none. */
        private int time(Fill fill) {
            if (fill.time() > 0) {
                return fill.time();
            }
            var time = at.atZone(TradingCalendar.SEOUL).toLocalTime();
            return time.getHour() * 10_000 + time.getMinute() * 100 + time.getSecond();
        }
    }

    /** The orders of a key. */
    private static final class Book {
        private final Map<OrderId, Entry> entries = new ConcurrentHashMap<>();
        private final AtomicLong changes = new AtomicLong();
        private boolean loaded;
        private Counted counted = new Counted(-1, Map.of());

        private record Counted(long changes, Map<String, Position> positions) {}

        /** Never waits: it is called on the desk's thread. */
        void put(Order order) {
            if (order.terms().credit().isPresent()) {
                return;
            }
            var entry = Entry.of(order);
            entries.merge(order.id(), entry, (before, after) -> before.seq() > after.seq() ? before : after);
            changes.incrementAndGet();
        }

        synchronized Map<String, Position> positions(Runnable load, String account) {
            if (!loaded) {
                load.run();
                loaded = true;
            }
            long now = changes.get();
            if (counted.changes() != now) {
                counted = new Counted(now, count(account));
            }
            return counted.positions();
        }

        private Map<String, Position> count(String account) {
            var bySymbol = new HashMap<String, List<Entry>>();
            entries.values().stream()
                    .filter(entry -> entry.account().equals(account))
                    .forEach(entry -> bySymbol.computeIfAbsent(entry.symbol(), _ -> new ArrayList<>())
                            .add(entry));
            var positions = new HashMap<String, Position>();
            bySymbol.forEach((symbol, ofSymbol) -> positions.put(symbol, position(ofSymbol)));
            return Map.copyOf(positions);
        }

        private static Position position(List<Entry> entries) {
            record Trade(Entry entry, Fill fill) {}
            var trades = entries.stream()
                    .flatMap(entry -> entry.fills().stream().map(fill -> new Trade(entry, fill)))
                    .sorted(Comparator.comparing((Trade trade) -> trade.entry().day())
                            .thenComparingInt(trade -> trade.entry().time(trade.fill()))
                            .thenComparing(trade -> trade.entry().id().text()))
                    .toList();
            long qty = 0;
            long cost = 0;
            var days = new HashMap<LocalDate, Day>();
            for (var trade : trades) {
                var fill = trade.fill();
                var side = trade.entry().side();
                days.merge(trade.entry().day(), Day.NONE.plus(side, fill), (sum, _) -> sum.plus(side, fill));
                if (side == Side.BUY) {
                    // What only makes good for shares sold without having been bought is no holding.
                    long held = Math.clamp(qty + fill.qty(), 0, fill.qty());
                    cost += part(fill.value(), held, fill.qty());
                    qty += fill.qty();
                } else {
                    long sold = Math.clamp(qty, 0, fill.qty());
                    cost -= part(cost, sold, qty);
                    qty -= fill.qty();
                }
            }
            long openSells = entries.stream()
                    .filter(entry -> entry.side() == Side.SELL)
                    .mapToLong(Entry::remaining)
                    .sum();
            return new Position(qty, cost, openSells, Map.copyOf(days));
        }
    }

    /** The won of {@code shares} of {@code all} shares, to the nearest won. */
    static long part(long won, long shares, long all) {
        return shares == 0
                ? 0
                : BigDecimal.valueOf(won)
                        .multiply(BigDecimal.valueOf(shares))
                        .divide(BigDecimal.valueOf(all), 0, RoundingMode.HALF_UP)
                        .longValueExact();
    }

    /** An order changed; called on the desk's thread. */
    void orderChanged(Order order) {
        var book = books.get(order.key().principal());
        if (book != null) {
            book.put(order);
        }
    }

    /**
     * Positions of a key by symbol code.
     *
     * @param account alias
     */
    Map<String, Position> of(String keyName, String account) {
        var book = books.computeIfAbsent(keyName, _ -> new Book());
        return book.positions(() -> load(keyName, book), account);
    }

    private void load(String keyName, Book book) {
        var filter = new OrderStore.Filter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(keyName));
        Optional<OrderId> before = Optional.empty();
        for (int count = 0; count < ORDERS_MAX; count += PAGE) {
            List<Order> page = desk.list(filter, before, PAGE);
            page.forEach(book::put);
            if (page.size() < PAGE) {
                return;
            }
            before = Optional.of(page.getLast().id());
        }
        LOG.warn("face_positions_incomplete key={} orders={}", keyName, ORDERS_MAX);
    }
}
