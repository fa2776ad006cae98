package kr.kisgateway.gateway.risk;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.gateway.risk.RiskPolicy.CountScope;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.Costs;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingDay;

/**
 * What the gateway's own orders reserve and how many there were: sums kept up to date with every change, so that a query
 * costs the same with ten open orders and with ten thousand. Owned by one thread, except {@link #dailyCounts}.
 *
 * <p><b>The problem.</b> The broker's answer about an account reflects the time of the request. It does not include
 * orders that are unsent, in doubt or younger than it, and a new request before each order would use up the whole call
 * budget.
 *
 * <p><b>The policy.</b> An answer stays usable because everything taken by own orders since is subtracted, and what they
 * added (shares bought, cash from sales) is not counted until the broker reports it. So an old answer refuses too much,
 * never too little.
 *
 * <p><b>The weak spot.</b> Orders placed elsewhere count from their adoption, and a withdrawal only from the next answer
 * on. The broker refuses those; it is the second line.
 */
public final class Exposure {
    /** Maximum age of the broker's answer: changes since then are retained at least this long. */
    public static final Duration RETENTION = Duration.ofMinutes(3);

    /** The broker's cash may lag a fill by this much; an older fill is assumed to be in its answer. */
    static final Duration CASH_LAG = Duration.ofSeconds(3);

    /** Ten trillion won, or a billion dollars: more than any account has. A larger order counts as this, so that sums of any number of them fit. */
    private static final long COST_MAX = 10_000_000_000_000L;

    private static final long BUCKET_MILLIS = 10;

    private static final List<CountScope> ALL_SCOPES = List.of(CountScope.values());
    private static final List<CountScope> SCOPES_WITHOUT_STRATEGY = List.of(CountScope.ACCOUNT, CountScope.KEY);

    private final Commissions commissions;
    private final Map<String, Entry> orders = new HashMap<>();
    private final Map<PositionKey, SymbolExposure> symbolExposures = new HashMap<>();
    private final Map<LotKey, LotExposure> lotExposures = new HashMap<>();
    private final Map<CashKey, CashExposure> cashExposures = new HashMap<>();
    private final Map<DailyCountKey, Integer> dailyCounts = new ConcurrentHashMap<>();
    private final Map<DailyAmountKey, Long> dailyAmounts = new HashMap<>();
    /** By order, the part of each buy of a counted day in these sums; a buy that costs nothing has none. */
    private final Map<String, DailyAmount> dailyBuys = new HashMap<>();

    private final Map<RateKey, Deque<Instant>> recentRequests = new HashMap<>();

    /** @param acknowledgedAt when the broker certainly had it: its own answer, or the first fill */
    private record Entry(OpenExposure order, Optional<Instant> acknowledgedAt) {}

    private record PositionKey(String account, MarketSymbol symbol) {}

    /** @param loanDate of shares bought on credit; absent for those paid in cash */
    private record LotKey(String account, MarketSymbol symbol, Optional<LocalDate> loanDate) {}

    private record DailyCountKey(String account, TradingDay day, CountScope countScope, String name) {}

    private record DailyAmountKey(DailyCountKey count, Currency currency) {}

    private record DailyAmount(RiskScope scope, Currency currency, long units) {}

    private record CashKey(String account, Currency currency) {}

    private record RateKey(String account, CountScope countScope, String name) {}

    private record AcknowledgedSell(Instant at, String order) {}

    /** One account's symbol. */
    private static final class SymbolExposure {
        long openBuys;
        int marketBuys;
        int marketSells;
        final NavigableMap<Long, Integer> buys = new TreeMap<>();
        final NavigableMap<Long, Integer> sells = new TreeMap<>();
        final NavigableMap<Instant, Long> bought = new TreeMap<>();

        boolean isEmpty() {
            return openBuys == 0 && marketSells == 0 && sells.isEmpty() && bought.isEmpty();
        }
    }

    /** The sales of one account's symbol from what was paid in cash, or with the loans of one date. */
    private static final class LotExposure {
        long unacknowledgedSells;
        final TreeSet<AcknowledgedSell> acknowledgedSells =
                new TreeSet<>(Comparator.comparing(AcknowledgedSell::at).thenComparing(AcknowledgedSell::order));

        boolean isEmpty() {
            return unacknowledgedSells == 0 && acknowledgedSells.isEmpty();
        }
    }

    /** One account's money. */
    private static final class CashExposure {
        long openBuys;
        int unpricedBuys;
        final NavigableMap<Instant, Long> spent = new TreeMap<>();
    }

    /** @param commissions that its amounts include */
    public Exposure(Commissions commissions) {
        this.commissions = commissions;
    }

    /** The commissions that its amounts include. */
    Commissions commissions() {
        return commissions;
    }

    // ---- updates ----

    /** Counts an accepted order for the day and for the rate. At start, called once for each order of the journal. */
    public void recordAccepted(RiskScope scope, Instant at) {
        for (CountScope countScope : countScopes(scope)) {
            dailyCounts.merge(dailyCountKey(scope, countScope), 1, Integer::sum);
        }
        recordModified(scope, at);
    }

    /** Takes an order that was counted out of the count of the day: the broker accepted none of its attempts. */
    public void recordNeverTaken(RiskScope scope) {
        for (CountScope countScope : countScopes(scope)) {
            dailyCounts.computeIfPresent(dailyCountKey(scope, countScope), (_, n) -> n > 1 ? n - 1 : null);
        }
    }

    /** Counts an accepted modification for the rate alone. */
    public void recordModified(RiskScope scope, Instant at) {
        for (CountScope countScope : countScopes(scope)) {
            Deque<Instant> recent = recentRequests.computeIfAbsent(rateKey(scope, countScope), _ -> new ArrayDeque<>());
            prune(recent, at);
            recent.addLast(at);
        }
    }

    /**
     * Records the state of an order since {@code at}: accepted, acknowledged, filled, re-priced, ended. A repeated call
     * changes nothing.
     */
    public void update(OpenExposure order, Instant at) {
        Entry before = orders.get(order.orderId());
        if (before != null) {
            applyEntry(before, -1);
        }
        recordFills(before, order, at);
        recordDailyAmount(order);
        Optional<Instant> acknowledged = order.acknowledgedAt()
                .or(() -> before == null ? Optional.empty() : before.acknowledgedAt())
                .or(() -> order.filled() > 0 ? Optional.of(at) : Optional.empty());
        var entry = new Entry(order, acknowledged);
        applyEntry(entry, +1);
        if (order.remaining() > 0 || order.side() == Side.SELL && acknowledged.isPresent()) {
            orders.put(order.orderId(), entry);
        } else {
            orders.remove(order.orderId());
        }
        pruneHistory(order, at);
    }

    /** Starts the trading day {@code today} at {@code now}: counters of earlier days and expired history are dropped. */
    public void rollTo(TradingDay today, Instant now) {
        dailyCounts.keySet().removeIf(count -> count.day().isBefore(today));
        dailyAmounts.keySet().removeIf(key -> key.count().day().isBefore(today));
        dailyBuys.values().removeIf(buy -> buy.scope().day().isBefore(today));
        recentRequests.values().forEach(recent -> prune(recent, now));
        recentRequests.values().removeIf(Deque::isEmpty);
        symbolExposures
                .values()
                .forEach(symbolExposure ->
                        symbolExposure.bought.headMap(now.minus(RETENTION)).clear());
        symbolExposures.values().removeIf(SymbolExposure::isEmpty);
        lotExposures.values().forEach(lot -> pruneHistory(lot, now.minus(RETENTION)));
        lotExposures.values().removeIf(LotExposure::isEmpty);
        cashExposures
                .values()
                .forEach(cashExposure ->
                        cashExposure.spent.headMap(now.minus(RETENTION)).clear());
    }

    // ---- queries of the rules ----

    /**
     * What the buys of the day of {@code scope} have cost within {@code countScope}, and what may still fill of them at the price
     * that bounds it, without commissions, in units of {@code currency}. An open buy without such a price counts as more than any
     * account has.
     */
    long boughtToday(RiskScope scope, CountScope countScope, Currency currency) {
        return dailyAmounts.getOrDefault(new DailyAmountKey(dailyCountKey(scope, countScope), currency), 0L);
    }

    /** The part of {@link #boughtToday} that may still fill of an order. */
    static long openAmount(OpenExposure order) {
        if (order.remaining() == 0) {
            return 0;
        }
        return order.maxPrice().isPresent()
                ? amount(order.remaining(), order.maxPrice().getAsLong())
                : COST_MAX;
    }

    /** @param name of the strategy or the key; empty for an account */
    record DailyCount(String account, TradingDay day, CountScope countScope, String name, int orders) {}

    /** How many orders there were on each day that is counted. Safe for any thread. */
    List<DailyCount> dailyCounts() {
        return dailyCounts.entrySet().stream()
                .map(count -> new DailyCount(
                        count.getKey().account(),
                        count.getKey().day(),
                        count.getKey().countScope(),
                        count.getKey().name(),
                        count.getValue()))
                .toList();
    }

    /** Orders accepted on the day of {@code scope} within {@code countScope}. */
    int ordersToday(RiskScope scope, CountScope countScope) {
        return dailyCounts.getOrDefault(dailyCountKey(scope, countScope), 0);
    }

    /** Orders and modifications accepted in the second before {@code now} within {@code countScope}. */
    int ordersInLastSecond(RiskScope scope, CountScope countScope, Instant now) {
        Deque<Instant> recent = recentRequests.get(rateKey(scope, countScope));
        if (recent == null) {
            return 0;
        }
        prune(recent, now);
        return recent.size();
    }

    /** When the oldest order of the last second leaves the window. */
    Instant rateFreesAt(RiskScope scope, CountScope countScope, Instant now) {
        Deque<Instant> recent = recentRequests.get(rateKey(scope, countScope));
        return recent == null || recent.isEmpty() ? now : recent.peekFirst().plusSeconds(1);
    }

    /**
     * Shares of own sells that the broker's answer of {@code requestedAt} cannot include: those it had not accepted by
     * then, whatever their state since. The broker reserves a sell when it accepts it, so earlier ones are in its answer.
     *
     * @param loanDate of the sells that repay loans of that date; empty for sells of what was paid in cash
     */
    long unreportedSells(Instant requestedAt, String account, MarketSymbol symbol, Optional<LocalDate> loanDate) {
        LotExposure lot = lotExposures.get(new LotKey(account, symbol, loanDate));
        if (lot == null) {
            return 0;
        }
        long shares = lot.unacknowledgedSells;
        for (AcknowledgedSell acknowledged :
                lot.acknowledgedSells.tailSet(new AcknowledgedSell(requestedAt, ""), true)) {
            Entry sell = orders.get(acknowledged.order());
            if (sell != null) {
                shares += sell.order().filled() + sell.order().remaining();
            }
        }
        return shares;
    }

    /**
     * The amount of own buys that the broker's cash of {@code requestedAt} does not include: open buys, and those filled since.
     * Empty when the price of an open buy is unknown.
     */
    OptionalLong unreportedCash(Instant requestedAt, String account, Currency currency) {
        CashExposure cashExposure = cashExposures.get(new CashKey(account, currency));
        if (cashExposure == null) {
            return OptionalLong.of(0);
        }
        if (cashExposure.unpricedBuys > 0) {
            return OptionalLong.empty();
        }
        long committed = cashExposure.openBuys;
        for (long spent :
                cashExposure.spent.tailMap(requestedAt.minus(CASH_LAG), true).values()) {
            committed += spent;
        }
        return OptionalLong.of(committed);
    }

    /**
     * The amount that a further buy may cost, commission included; below zero when more is committed than there is. Empty when the
     * price of an open buy is unknown.
     *
     * @param deposit the broker's deposit after all settlements, of {@code requestedAt}
     * @param currency of all amounts, in its units
     */
    public OptionalLong availableCash(long deposit, Instant requestedAt, String account, Currency currency) {
        OptionalLong committed = unreportedCash(requestedAt, account, currency);
        return committed.isPresent() ? OptionalLong.of(deposit - committed.getAsLong()) : committed;
    }

    /**
     * The amount of own buys that the broker's buying power of {@code requestedAt} may not include: those that it had not accepted
     * by then, and all fills since. Empty when the price of one is unknown. Unlike the other sums it goes through all orders: it is
     * needed for buys on credit alone.
     */
    OptionalLong unreportedBuyingPower(Instant requestedAt, String account, Currency currency) {
        long committed = 0;
        for (Entry entry : orders.values()) {
            OpenExposure order = entry.order();
            boolean unreported = order.side() == Side.BUY
                    && order.remaining() > 0
                    && order.scope().account().equals(account)
                    && order.currency() == currency
                    && entry.acknowledgedAt()
                            .filter(at -> at.isBefore(requestedAt))
                            .isEmpty();
            if (unreported && order.maxPrice().isEmpty()) {
                return OptionalLong.empty();
            }
            committed += unreported
                    ? cost(
                            commissions.highest(currency),
                            order.remaining(),
                            order.maxPrice().orElseThrow())
                    : 0;
        }
        CashExposure cashExposure = cashExposures.get(new CashKey(account, currency));
        if (cashExposure != null) {
            for (long spent : cashExposure.spent.tailMap(requestedAt, true).values()) {
                committed += spent;
            }
        }
        return OptionalLong.of(committed);
    }

    /** Shares that open buys may still add, and those bought since {@code requestedAt}. */
    long unreportedBuys(Instant requestedAt, String account, MarketSymbol symbol) {
        SymbolExposure symbolExposure = symbolExposures.get(new PositionKey(account, symbol));
        if (symbolExposure == null) {
            return 0;
        }
        long shares = symbolExposure.openBuys;
        for (long bought :
                symbolExposure.bought.tailMap(requestedAt.minus(CASH_LAG), true).values()) {
            shares += bought;
        }
        return shares;
    }

    /**
     * The price of an open order of the account that one at {@code price} could trade with, 0 for a market order; empty
     * when there is none. A market order could trade with any.
     */
    OptionalLong findCrossingPrice(String account, MarketSymbol symbol, Side side, OptionalLong price) {
        SymbolExposure symbolExposure = symbolExposures.get(new PositionKey(account, symbol));
        if (symbolExposure == null) {
            return OptionalLong.empty();
        }
        if ((side == Side.BUY ? symbolExposure.marketSells : symbolExposure.marketBuys) > 0) {
            return OptionalLong.of(0);
        }
        NavigableMap<Long, Integer> others = side == Side.BUY ? symbolExposure.sells : symbolExposure.buys;
        if (others.isEmpty()) {
            return OptionalLong.empty();
        }
        long best = side == Side.BUY ? others.firstKey() : others.lastKey();
        boolean crosses = price.isEmpty() || (side == Side.BUY ? best <= price.getAsLong() : best >= price.getAsLong());
        return crosses ? OptionalLong.of(best) : OptionalLong.empty();
    }

    /** The last reported state of the order, while it is open. */
    Optional<OpenExposure> findOpen(String orderId) {
        return Optional.ofNullable(orders.get(orderId)).map(Entry::order).filter(o -> o.remaining() > 0);
    }

    /** What {@code qty} shares at {@code price} cost with the commission, in units of the currency. */
    public static long cost(Costs costs, long qty, long price) {
        long amount = amount(qty, price);
        return Math.min(COST_MAX, amount >= COST_MAX ? amount : amount + costs.commission(amount));
    }

    /** What {@code qty} shares at {@code price} cost without the commission; a larger amount than any account has is that. */
    private static long amount(long qty, long price) {
        try {
            return Math.min(COST_MAX, Math.multiplyExact(qty, price));
        } catch (ArithmeticException _) {
            return COST_MAX;
        }
    }

    /** Whole shares at {@code price} that {@code cash} buys with the commission. */
    public static long affordableQty(Costs costs, long cash, long price) {
        long affordable = 0;
        long tooMany = Math.max(0, cash) / price + 1;
        while (tooMany - affordable > 1) {
            long middle = affordable + (tooMany - affordable) / 2;
            if (cost(costs, middle, price) <= cash) {
                affordable = middle;
            } else {
                tooMany = middle;
            }
        }
        return affordable;
    }

    // ---- bookkeeping ----

    private void recordDailyAmount(OpenExposure order) {
        if (order.side() == Side.SELL || order.external()) {
            return;
        }
        long units = order.value() + openAmount(order);
        DailyAmount before = units == 0
                ? dailyBuys.remove(order.orderId())
                : dailyBuys.put(order.orderId(), new DailyAmount(order.scope(), order.currency(), units));
        long change = units - (before == null ? 0 : before.units());
        if (change != 0) {
            for (CountScope countScope : countScopes(order.scope())) {
                dailyAmounts.merge(
                        new DailyAmountKey(dailyCountKey(order.scope(), countScope), order.currency()),
                        change,
                        (sum, more) -> sum + more == 0 ? null : sum + more);
            }
        }
    }

    private void applyEntry(Entry entry, int sign) {
        OpenExposure order = entry.order();
        SymbolExposure symbolExposure = symbolExposures.computeIfAbsent(
                new PositionKey(order.scope().account(), order.symbol()), _ -> new SymbolExposure());
        boolean open = order.remaining() > 0;
        if (order.side() == Side.SELL) {
            LotExposure lot = lotExposures.computeIfAbsent(lotKey(order), _ -> new LotExposure());
            if (entry.acknowledgedAt().isEmpty()) {
                lot.unacknowledgedSells += sign * order.remaining();
            } else if (sign > 0) {
                lot.acknowledgedSells.add(
                        new AcknowledgedSell(entry.acknowledgedAt().get(), order.orderId()));
            } else {
                lot.acknowledgedSells.remove(
                        new AcknowledgedSell(entry.acknowledgedAt().get(), order.orderId()));
            }
            if (open && order.limitPrice().isPresent()) {
                updateLevel(symbolExposure.sells, order.limitPrice().getAsLong(), sign);
            } else if (open) {
                symbolExposure.marketSells += sign;
            }
            return;
        }
        if (!open) {
            return;
        }
        symbolExposure.openBuys += sign * order.remaining();
        if (order.limitPrice().isPresent()) {
            updateLevel(symbolExposure.buys, order.limitPrice().getAsLong(), sign);
        } else {
            symbolExposure.marketBuys += sign;
        }
        CashExposure cashExposure = cashExposures.computeIfAbsent(cashKey(order), _ -> new CashExposure());
        if (order.maxPrice().isPresent()) {
            cashExposure.openBuys += sign
                    * cost(
                            commissions.highest(order.currency()),
                            order.remaining(),
                            order.maxPrice().getAsLong());
        } else {
            cashExposure.unpricedBuys += sign;
        }
    }

    private static LotKey lotKey(OpenExposure order) {
        return new LotKey(order.scope().account(), order.symbol(), order.loanDate());
    }

    private static CashKey cashKey(OpenExposure order) {
        return new CashKey(order.scope().account(), order.currency());
    }

    private static void updateLevel(NavigableMap<Long, Integer> levels, long price, int sign) {
        levels.merge(price, sign, (a, b) -> a + b == 0 ? null : a + b);
    }

    private void recordFills(@org.jspecify.annotations.Nullable Entry before, OpenExposure order, Instant at) {
        long shares = order.filled() - (before == null ? 0 : before.order().filled());
        long amount = order.value() - (before == null ? 0 : before.order().value());
        if (order.side() != Side.BUY || shares == 0 && amount == 0) {
            return;
        }
        Instant bucket = bucket(at);
        symbolExposures
                .computeIfAbsent(new PositionKey(order.scope().account(), order.symbol()), _ -> new SymbolExposure())
                .bought
                .merge(bucket, shares, Long::sum);
        cashExposures
                .computeIfAbsent(cashKey(order), _ -> new CashExposure())
                .spent
                .merge(
                        bucket,
                        amount + commissions.highest(order.currency()).commission(Math.max(0, amount)),
                        Long::sum);
    }

    /** The end of the hundredth of a second that contains {@code at}: a fill may count too long, never too short. */
    private static Instant bucket(Instant at) {
        long millis = at.toEpochMilli();
        return Instant.ofEpochMilli(millis - Math.floorMod(millis, BUCKET_MILLIS) + BUCKET_MILLIS);
    }

    private void pruneHistory(OpenExposure order, Instant at) {
        Instant since = at.minus(RETENTION);
        SymbolExposure symbolExposure =
                symbolExposures.get(new PositionKey(order.scope().account(), order.symbol()));
        if (symbolExposure != null) {
            symbolExposure.bought.headMap(since).clear();
        }
        LotExposure lot = lotExposures.get(lotKey(order));
        if (lot != null) {
            pruneHistory(lot, since);
        }
        CashExposure cashExposure = cashExposures.get(cashKey(order));
        if (cashExposure != null) {
            cashExposure.spent.headMap(since).clear();
        }
    }

    /** Removes an open sell acknowledged long ago from the list; its next change adds it again. */
    private void pruneHistory(LotExposure lot, Instant since) {
        while (!lot.acknowledgedSells.isEmpty()
                && lot.acknowledgedSells.first().at().isBefore(since)) {
            String old = lot.acknowledgedSells.pollFirst().order();
            Entry sell = orders.get(old);
            if (sell != null && sell.order().remaining() == 0) {
                orders.remove(old);
            }
        }
    }

    /** Orders and symbols retained, for the test that memory stays bounded. */
    int retainedEntries() {
        return orders.size()
                + symbolExposures.size()
                + lotExposures.size()
                + dailyCounts.size()
                + recentRequests.size();
    }

    private static void prune(Deque<Instant> recent, Instant now) {
        while (!recent.isEmpty() && !recent.peekFirst().plusSeconds(1).isAfter(now)) {
            recent.removeFirst();
        }
    }

    /** Within which an order is counted. */
    private static List<CountScope> countScopes(RiskScope scope) {
        return scope.strategy().isPresent() ? ALL_SCOPES : SCOPES_WITHOUT_STRATEGY;
    }

    private static DailyCountKey dailyCountKey(RiskScope scope, CountScope countScope) {
        return new DailyCountKey(scope.account(), scope.day(), countScope, scope.nameWithin(countScope));
    }

    private static RateKey rateKey(RiskScope scope, CountScope countScope) {
        return new RateKey(scope.account(), countScope, scope.nameWithin(countScope));
    }
}
