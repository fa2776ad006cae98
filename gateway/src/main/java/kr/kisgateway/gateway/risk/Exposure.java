package kr.kisgateway.gateway.risk;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import kr.kisgateway.gateway.risk.RiskPolicy.Counted;
import kr.kisgateway.market.Costs;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;

/**
 * What our own orders tie up and how many there were: sums kept up to date with every change, so that a question costs
 * the same with ten open orders and with ten thousand. Owned by one thread.
 *
 * <p><b>The problem.</b> The broker's answer about an account is of the moment it was asked for. It knows nothing of
 * orders that are unsent, in doubt or younger than it, and asking anew before each order would spend the whole call
 * budget on questions.
 *
 * <p><b>The policy.</b> An answer stays usable because whatever our orders took since is subtracted, and what they
 * brought (shares bought, cash from sales) is not added until the broker says so. So an old answer refuses too much,
 * never too little.
 *
 * <p><b>The weak spot.</b> Orders placed elsewhere count from when they are adopted, and a withdrawal not before the next
 * answer. The broker refuses those; it is the second line.
 */
public final class Exposure {
    /** How far back the broker's answer may lie: what happened since is remembered at least this long. */
    public static final Duration MEMORY = Duration.ofMinutes(3);

    /** The broker's cash may lag a fill by this much; an older fill is taken to be in its answer. */
    static final Duration CASH_LAG = Duration.ofSeconds(3);

    /** More won than any account has; a dearer order counts as this, so that sums of any number of them fit. */
    private static final long COST_MAX = 10_000_000_000_000L;

    private static final long BUCKET_MILLIS = 10;
    private static final Costs COSTS = Costs.usual();

    private final Map<String, Entry> orders = new HashMap<>();
    private final Map<Held, Book> books = new HashMap<>();
    private final Map<String, Purse> purses = new HashMap<>();
    private final Map<Day, Integer> counted = new HashMap<>();
    private final Map<Pace, Deque<Instant>> paces = new HashMap<>();

    /** @param taken when the broker had it for certain: its own word, or the first fill */
    private record Entry(Working order, Optional<Instant> taken) {}

    private record Held(String account, Symbol symbol) {}

    private record Day(String account, String market, LocalDate day, Counted counted, String whose) {}

    private record Pace(String account, Counted counted, String whose) {}

    private record Taken(Instant at, String order) {}

    /** One account's symbol. */
    private static final class Book {
        long unseenSells;
        long openBuys;
        int marketBuys;
        int marketSells;
        final NavigableMap<Long, Integer> buys = new TreeMap<>();
        final NavigableMap<Long, Integer> sells = new TreeMap<>();
        final TreeSet<Taken> takenSells =
                new TreeSet<>(Comparator.comparing(Taken::at).thenComparing(Taken::order));
        final NavigableMap<Instant, Long> bought = new TreeMap<>();

        boolean isEmpty() {
            return unseenSells == 0
                    && openBuys == 0
                    && marketSells == 0
                    && sells.isEmpty()
                    && takenSells.isEmpty()
                    && bought.isEmpty();
        }
    }

    /** One account's money. */
    private static final class Purse {
        long openBuys;
        int unpriced;
        final NavigableMap<Instant, Long> spent = new TreeMap<>();
    }

    // ---- what happens ----

    /** An order was accepted: it counts for the day and for the rate. At a start, once for each order of the journal. */
    public void accepted(RiskScope scope, Instant at) {
        count(scope, Counted.ACCOUNT, "");
        scope.strategy().ifPresent(strategy -> count(scope, Counted.STRATEGY, strategy));
        count(scope, Counted.KEY, scope.principal());
        modified(scope, at);
    }

    /** A modification was accepted: it counts for the rate alone. */
    public void modified(RiskScope scope, Instant at) {
        pace(scope, Counted.ACCOUNT, "", at);
        scope.strategy().ifPresent(strategy -> pace(scope, Counted.STRATEGY, strategy, at));
        pace(scope, Counted.KEY, scope.principal(), at);
    }

    /**
     * An order stands so since {@code at}: accepted, taken, filled, re-priced, ended. Saying the same again changes
     * nothing.
     */
    public void changed(Working order, Instant at) {
        Entry before = orders.get(order.orderId());
        if (before != null) {
            tie(before, -1);
        }
        noteFills(before, order, at);
        Optional<Instant> taken = order.taken()
                .or(() -> before == null ? Optional.empty() : before.taken())
                .or(() -> order.filled() > 0 ? Optional.of(at) : Optional.empty());
        var entry = new Entry(order, taken);
        tie(entry, +1);
        if (order.remaining() > 0 || order.side() == Side.SELL && taken.isPresent()) {
            orders.put(order.orderId(), entry);
        } else {
            orders.remove(order.orderId());
        }
        forgetOld(order, at);
    }

    /** The trading day is {@code today} since {@code now}: counters of earlier days and what is long past are dropped. */
    public void rolledTo(LocalDate today, Instant now) {
        counted.keySet().removeIf(day -> day.day().isBefore(today));
        paces.values().forEach(recent -> prune(recent, now));
        paces.values().removeIf(Deque::isEmpty);
        books.values().forEach(book -> forgetOld(book, now.minus(MEMORY)));
        books.values().removeIf(Book::isEmpty);
        purses.values().forEach(purse -> purse.spent.headMap(now.minus(MEMORY)).clear());
    }

    // ---- what the rules ask ----

    /** Orders accepted on the day of {@code scope}, of whom the layer counts. */
    int ordersToday(RiskScope scope, Counted whose) {
        return counted.getOrDefault(
                new Day(scope.account(), scope.market(), scope.day(), whose, name(scope, whose)), 0);
    }

    /** Orders and modifications accepted in the second before {@code now}, of whom the layer counts. */
    int inLastSecond(RiskScope scope, Counted whose, Instant now) {
        Deque<Instant> recent = paces.get(new Pace(scope.account(), whose, name(scope, whose)));
        if (recent == null) {
            return 0;
        }
        prune(recent, now);
        return recent.size();
    }

    /** When the oldest order of the last second leaves it. */
    Instant paceFreesAt(RiskScope scope, Counted whose, Instant now) {
        Deque<Instant> recent = paces.get(new Pace(scope.account(), whose, name(scope, whose)));
        return recent == null || recent.isEmpty() ? now : recent.peekFirst().plusSeconds(1);
    }

    /**
     * Shares that our own sells take and that the broker's answer of {@code askedAt} cannot know of: those it had not
     * taken then, whatever became of them since. It reserves a sell when it takes it, so earlier ones are in its answer.
     */
    long sellsNotSeenAt(Instant askedAt, String account, Symbol symbol) {
        Book book = books.get(new Held(account, symbol));
        if (book == null) {
            return 0;
        }
        long shares = book.unseenSells;
        for (Taken taken : book.takenSells.tailSet(new Taken(askedAt, ""), true)) {
            Entry sell = orders.get(taken.order());
            if (sell != null) {
                shares += sell.order().filled() + sell.order().remaining();
            }
        }
        return shares;
    }

    /**
     * Won that our own buys take and that the broker's cash of {@code askedAt} does not show: what is open, and what
     * filled since. Empty when an open buy has no known price.
     */
    OptionalLong cashNotSeenAt(Instant askedAt, String account) {
        Purse purse = purses.get(account);
        if (purse == null) {
            return OptionalLong.of(0);
        }
        if (purse.unpriced > 0) {
            return OptionalLong.empty();
        }
        long won = purse.openBuys;
        for (long spent : purse.spent.tailMap(askedAt.minus(CASH_LAG), true).values()) {
            won += spent;
        }
        return OptionalLong.of(won);
    }

    /** Shares that open buys may still bring, and those bought since {@code askedAt}. */
    long buysNotSeenAt(Instant askedAt, String account, Symbol symbol) {
        Book book = books.get(new Held(account, symbol));
        if (book == null) {
            return 0;
        }
        long shares = book.openBuys;
        for (long bought : book.bought.tailMap(askedAt.minus(CASH_LAG), true).values()) {
            shares += bought;
        }
        return shares;
    }

    /**
     * The price of an open order of the account that one at {@code price} could trade with, 0 for a market order; empty
     * when there is none. A market order could trade with any.
     */
    OptionalLong crossed(String account, Symbol symbol, Side side, OptionalLong price) {
        Book book = books.get(new Held(account, symbol));
        if (book == null) {
            return OptionalLong.empty();
        }
        if ((side == Side.BUY ? book.marketSells : book.marketBuys) > 0) {
            return OptionalLong.of(0);
        }
        NavigableMap<Long, Integer> others = side == Side.BUY ? book.sells : book.buys;
        if (others.isEmpty()) {
            return OptionalLong.empty();
        }
        long best = side == Side.BUY ? others.firstKey() : others.lastKey();
        boolean crosses = price.isEmpty() || (side == Side.BUY ? best <= price.getAsLong() : best >= price.getAsLong());
        return crosses ? OptionalLong.of(best) : OptionalLong.empty();
    }

    /** The order as it was last told, while it is open. */
    Optional<Working> open(String orderId) {
        return Optional.ofNullable(orders.get(orderId)).map(Entry::order).filter(o -> o.remaining() > 0);
    }

    /** Won that {@code qty} shares at {@code price} cost with the usual commission. */
    static long cost(long qty, long price) {
        long amount;
        try {
            amount = Math.multiplyExact(qty, price);
        } catch (ArithmeticException _) {
            return COST_MAX;
        }
        return Math.min(COST_MAX, amount >= COST_MAX ? amount : amount + COSTS.commission(amount));
    }

    // ---- bookkeeping ----

    private void tie(Entry entry, int sign) {
        Working order = entry.order();
        Book book = books.computeIfAbsent(new Held(order.scope().account(), order.symbol()), _ -> new Book());
        boolean open = order.remaining() > 0;
        if (order.side() == Side.SELL) {
            if (entry.taken().isEmpty()) {
                book.unseenSells += sign * order.remaining();
            } else if (sign > 0) {
                book.takenSells.add(new Taken(entry.taken().get(), order.orderId()));
            } else {
                book.takenSells.remove(new Taken(entry.taken().get(), order.orderId()));
            }
            if (open && order.limitPrice().isPresent()) {
                level(book.sells, order.limitPrice().getAsLong(), sign);
            } else if (open) {
                book.marketSells += sign;
            }
            return;
        }
        if (!open) {
            return;
        }
        book.openBuys += sign * order.remaining();
        if (order.limitPrice().isPresent()) {
            level(book.buys, order.limitPrice().getAsLong(), sign);
        } else {
            book.marketBuys += sign;
        }
        Purse purse = purses.computeIfAbsent(order.scope().account(), _ -> new Purse());
        if (order.price().isPresent()) {
            purse.openBuys += sign * cost(order.remaining(), order.price().getAsLong());
        } else {
            purse.unpriced += sign;
        }
    }

    private static void level(NavigableMap<Long, Integer> levels, long price, int sign) {
        levels.merge(price, sign, (a, b) -> a + b == 0 ? null : a + b);
    }

    private void noteFills(@org.jspecify.annotations.Nullable Entry before, Working order, Instant at) {
        long shares = order.filled() - (before == null ? 0 : before.order().filled());
        long won = order.value() - (before == null ? 0 : before.order().value());
        if (order.side() != Side.BUY || shares == 0 && won == 0) {
            return;
        }
        Instant bucket = bucket(at);
        books.computeIfAbsent(new Held(order.scope().account(), order.symbol()), _ -> new Book())
                .bought
                .merge(bucket, shares, Long::sum);
        purses.computeIfAbsent(order.scope().account(), _ -> new Purse())
                .spent
                .merge(bucket, won + COSTS.commission(Math.max(0, won)), Long::sum);
    }

    /** The end of the hundredth of a second that {@code at} lies in: a fill may count too long, never too short. */
    private static Instant bucket(Instant at) {
        long millis = at.toEpochMilli();
        return Instant.ofEpochMilli(millis - Math.floorMod(millis, BUCKET_MILLIS) + BUCKET_MILLIS);
    }

    private void forgetOld(Working order, Instant at) {
        Instant since = at.minus(MEMORY);
        Book book = books.get(new Held(order.scope().account(), order.symbol()));
        if (book != null) {
            forgetOld(book, since);
        }
        Purse purse = purses.get(order.scope().account());
        if (purse != null) {
            purse.spent.headMap(since).clear();
        }
    }

    /** An open sell that was taken long ago leaves the list of taken ones, and comes back with its next change. */
    private void forgetOld(Book book, Instant since) {
        book.bought.headMap(since).clear();
        while (!book.takenSells.isEmpty() && book.takenSells.first().at().isBefore(since)) {
            String old = book.takenSells.pollFirst().order();
            Entry sell = orders.get(old);
            if (sell != null && sell.order().remaining() == 0) {
                orders.remove(old);
            }
        }
    }

    /** Orders and symbols that are remembered, for the test that nothing piles up. */
    int remembered() {
        return orders.size() + books.size() + counted.size() + paces.size();
    }

    private void count(RiskScope scope, Counted whose, String name) {
        counted.merge(new Day(scope.account(), scope.market(), scope.day(), whose, name), 1, Integer::sum);
    }

    private void pace(RiskScope scope, Counted whose, String name, Instant at) {
        Deque<Instant> recent = paces.computeIfAbsent(new Pace(scope.account(), whose, name), _ -> new ArrayDeque<>());
        prune(recent, at);
        recent.addLast(at);
    }

    private static void prune(Deque<Instant> recent, Instant now) {
        while (!recent.isEmpty() && !recent.peekFirst().plusSeconds(1).isAfter(now)) {
            recent.removeFirst();
        }
    }

    private static String name(RiskScope scope, Counted whose) {
        return switch (whose) {
            case ACCOUNT -> "";
            case STRATEGY -> scope.strategy().orElse("");
            case KEY -> scope.principal();
        };
    }
}
