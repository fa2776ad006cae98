package kr.kisgateway.simulator.account;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.simulator.entity.AccountId;
import kr.kisgateway.simulator.entity.Change;

/**
 * An account in one currency: cash by settlement day, shares, and orders in the order of arrival. Amounts in units of the
 * currency.
 *
 * <p>Trades settle on the next trading day (T+1) or the one after it (T+2), so there are up to three cash figures: D
 * ({@link #settled}), D+1 and D+2. Proceeds of a sale may be spent at once; amounts reserved by open buys may not. Currencies
 * are not exchanged into each other (통합증거금 is left out).
 *
 * @param <O> its orders
 */
public final class Account<O extends Order> {
    private final AccountId id;
    private final AccountRules rules;
    private long settled;
    private long dueTomorrow;
    private long dueAfterTomorrow;
    private long boughtToday;
    private long soldToday;
    private long costsToday;
    private long boughtYesterday;
    private long soldYesterday;
    private long costsYesterday;
    private long assetsYesterday;
    private long reserved;
    private final SortedMap<MarketSymbol, Position> positions = new TreeMap<>(Account::compare);
    private final SortedMap<LoanKey, Position> loans = new TreeMap<>();
    private final SortedMap<String, Change.Dividend> dividends = new TreeMap<>();
    private final List<O> orders = new ArrayList<>();

    Account(AccountId id, AccountRules rules, long settled) {
        this.id = id;
        this.rules = rules;
        open(settled);
    }

    /** By the order of each market's symbols. */
    private static int compare(MarketSymbol one, MarketSymbol other) {
        if (one instanceof UsSymbol us && other instanceof UsSymbol right) {
            return us.compareTo(right);
        }
        return one.code().compareTo(other.code());
    }

    /** Shares of one stock, paid in cash or with one loan. */
    public static final class Position {
        private long lent;
        private long qty;
        private long cost;
        private long reserved;
        private long boughtToday;
        private long soldToday;
        private long boughtAmountToday;
        private long soldAmountToday;
        private long boughtYesterday;
        private long soldYesterday;
        private int daysAtZero;

        public long qty() {
            return qty;
        }

        /** The part of their cost that is lent; 0 of shares paid in cash. */
        public long lent() {
            return lent;
        }

        /** The cost basis of the shares, without commission. */
        public long cost() {
            return cost;
        }

        /** Shares that may still be offered for sale (주문가능수량). */
        public long sellable() {
            return qty - reserved;
        }

        /** These shares and those of {@code other} in one row. */
        public Position plus(Position other) {
            var sum = new Position();
            sum.lent = lent + other.lent;
            sum.qty = qty + other.qty;
            sum.cost = cost + other.cost;
            sum.reserved = reserved + other.reserved;
            sum.boughtToday = boughtToday + other.boughtToday;
            sum.soldToday = soldToday + other.soldToday;
            sum.boughtAmountToday = boughtAmountToday + other.boughtAmountToday;
            sum.soldAmountToday = soldAmountToday + other.soldAmountToday;
            sum.boughtYesterday = boughtYesterday + other.boughtYesterday;
            sum.soldYesterday = soldYesterday + other.soldYesterday;
            return sum;
        }

        public long boughtToday() {
            return boughtToday;
        }

        public long soldToday() {
            return soldToday;
        }

        public long boughtAmountToday() {
            return boughtAmountToday;
        }

        public long soldAmountToday() {
            return soldAmountToday;
        }

        public long boughtYesterday() {
            return boughtYesterday;
        }

        public long soldYesterday() {
            return soldYesterday;
        }
    }

    public AccountId id() {
        return id;
    }

    /** Settled cash (D), without the trades of today. */
    public long settled() {
        return settled;
    }

    /** Cash on the next trading day (D+1). */
    public long cashD1() {
        return settled + dueTomorrow;
    }

    /** What settles on the next trading day. */
    public long dueTomorrow() {
        return dueTomorrow;
    }

    /** What settles on the trading day after that. */
    public long dueAfterTomorrow() {
        return dueAfterTomorrow;
    }

    /** Cash after all trades have settled. */
    public long cash() {
        return settled + dueTomorrow + dueAfterTomorrow;
    }

    /** The reservations of open buys, their commission included. */
    public long reserved() {
        return reserved;
    }

    /** The most a buy may cost now, its commission included. */
    public long spendable() {
        return cash() - reserved;
    }

    public long boughtToday() {
        return boughtToday;
    }

    public long soldToday() {
        return soldToday;
    }

    public long costsToday() {
        return costsToday;
    }

    public long boughtYesterday() {
        return boughtYesterday;
    }

    public long soldYesterday() {
        return soldYesterday;
    }

    public long costsYesterday() {
        return costsYesterday;
    }

    /** Cash and the value of the shares at the end of the last trading day. */
    public long assetsYesterday() {
        return assetsYesterday;
    }

    /** By symbol; those that were sold out stay for a time. */
    public SortedMap<MarketSymbol, Position> positions() {
        return Collections.unmodifiableSortedMap(positions);
    }

    /** Shares bought on credit, by stock and loan. */
    public SortedMap<LoanKey, Position> loans() {
        return Collections.unmodifiableSortedMap(loans);
    }

    /** What is lent in total. */
    public long lent() {
        return loans.values().stream().mapToLong(Position::lent).sum();
    }

    /** Dividends that were paid, by record date and stock. */
    public List<Change.Dividend> dividends() {
        return List.copyOf(dividends.values());
    }

    /** Oldest first. */
    public List<O> orders() {
        return Collections.unmodifiableList(orders);
    }

    List<O> mutableOrders() {
        return orders;
    }

    void open(long cash) {
        settled = cash;
        assetsYesterday = cash;
    }

    private Position position(MarketSymbol symbol) {
        return positions.computeIfAbsent(symbol, s -> new Position());
    }

    private Position loan(LoanKey key) {
        return loans.computeIfAbsent(key, _ -> new Position());
    }

    /** The shares that an order adds to or takes from. */
    private Position position(Order order) {
        return order.loan().map(this::loan).orElseGet(() -> position(order.symbol()));
    }

    /** Reserves shares of a sale or cash of a buy; below 0 it releases them. */
    void addReserved(Order order, long more) {
        if (order.side() == Side.SELL) {
            position(order).reserved += more;
        } else {
            reserved += more;
        }
    }

    /**
     * Books a trade. A sale of shares bought on credit repays their part of the loan.
     *
     * @param lent of the amount of a buy
     * @return for a sale the cost basis of its shares, at their average; for a buy 0
     */
    long bookFill(Order order, long qty, long amount, long lent, long costs) {
        Position position = position(order);
        costsToday += costs;
        if (order.side() == Side.BUY) {
            due(lent - amount - costs);
            position.lent += lent;
            boughtToday += amount;
            position.qty += qty;
            position.cost += amount;
            position.boughtToday += qty;
            position.boughtAmountToday += amount;
            position.daysAtZero = 0;
            return 0;
        }
        long repaid = CostBasis.ofSold(position.lent, qty, position.qty);
        position.lent -= repaid;
        due(amount - costs - repaid);
        soldToday += amount;
        long basis = CostBasis.ofSold(position.cost, qty, position.qty);
        position.cost -= basis;
        position.qty -= qty;
        position.soldToday += qty;
        position.soldAmountToday += amount;
        return basis;
    }

    /** Shares of {@code symbol}, bought in cash or on credit. */
    long held(MarketSymbol symbol) {
        long inCash = positions.containsKey(symbol) ? position(symbol).qty : 0;
        return inCash
                + loans.entrySet().stream()
                        .filter(loan -> loan.getKey().symbol().equals(symbol))
                        .mapToLong(loan -> loan.getValue().qty)
                        .sum();
    }

    /** Books a dividend, paid at once, unless one of the same stock and record date was; returns whether it did. */
    boolean pay(Change.Dividend dividend) {
        boolean isNew = restore(dividend);
        settled += isNew ? dividend.amount() - dividend.tax() : 0;
        return isNew;
    }

    /** Whether it is new. */
    boolean restore(Change.Dividend dividend) {
        return dividends.putIfAbsent(
                        dividend.recordDate() + " " + dividend.symbol().code(), dividend)
                == null;
    }

    private void due(long amount) {
        if (rules.settlementDays() == 1) {
            dueTomorrow += amount;
        } else {
            dueAfterTomorrow += amount;
        }
    }

    /** Starts the next trading day: each amount due moves a day nearer. */
    void rollDay(long assets) {
        settled += dueTomorrow;
        dueTomorrow = dueAfterTomorrow;
        dueAfterTomorrow = 0;
        boughtYesterday = boughtToday;
        soldYesterday = soldToday;
        costsYesterday = costsToday;
        boughtToday = soldToday = costsToday = 0;
        assetsYesterday = assets;
        positions.values().forEach(Account::rollDay);
        loans.values().forEach(Account::rollDay);
    }

    private static void rollDay(Position position) {
        position.boughtYesterday = position.boughtToday;
        position.soldYesterday = position.soldToday;
        position.boughtToday = position.soldToday = position.boughtAmountToday = position.soldAmountToday = 0;
        if (position.qty == 0) {
            position.daysAtZero++;
        }
    }

    void removeExpiredPositions() {
        positions.values().removeIf(this::isExpired);
        loans.values().removeIf(this::isExpired);
    }

    private boolean isExpired(Position position) {
        return position.qty == 0 && position.daysAtZero >= rules.daysListedAtZero();
    }

    /** A copy of the current figures, without the orders. */
    public Account<O> copy() {
        Account<O> copy = new Account<>(id, rules, settled);
        copy.restore(cashRecord());
        copy.reserved = reserved;
        dividends.values().forEach(copy::restore);
        positions.forEach((symbol, position) -> {
            copy.restore(holdingRecord(symbol));
            copy.position(symbol).reserved = position.reserved;
        });
        loans.forEach((key, position) -> {
            copy.restore(loanRecord(key));
            copy.loan(key).reserved = position.reserved;
        });
        return copy;
    }

    public Change.Cash cashRecord() {
        return new Change.Cash(
                id,
                rules.market().currency(),
                settled,
                dueTomorrow,
                dueAfterTomorrow,
                boughtToday,
                soldToday,
                costsToday,
                boughtYesterday,
                soldYesterday,
                costsYesterday,
                assetsYesterday);
    }

    public Change.Holding holdingRecord(MarketSymbol symbol) {
        Position p = position(symbol);
        return new Change.Holding(
                id,
                symbol,
                p.qty,
                p.cost,
                p.boughtToday,
                p.soldToday,
                p.boughtAmountToday,
                p.soldAmountToday,
                p.boughtYesterday,
                p.soldYesterday,
                p.daysAtZero);
    }

    /** The shares of a loan to store. */
    public Change.Loan loanRecord(LoanKey key) {
        Position p = loan(key);
        return new Change.Loan(
                id,
                key.symbol(),
                key.date(),
                key.ksfc(),
                p.lent,
                p.qty,
                p.cost,
                p.boughtToday,
                p.soldToday,
                p.boughtAmountToday,
                p.soldAmountToday,
                p.boughtYesterday,
                p.soldYesterday,
                p.daysAtZero);
    }

    void restore(Change.Cash c) {
        settled = c.settled();
        dueTomorrow = c.dueTomorrow();
        dueAfterTomorrow = c.dueAfterTomorrow();
        boughtToday = c.boughtToday();
        soldToday = c.soldToday();
        costsToday = c.costsToday();
        boughtYesterday = c.boughtYesterday();
        soldYesterday = c.soldYesterday();
        costsYesterday = c.costsYesterday();
        assetsYesterday = c.assetsYesterday();
    }

    void restore(Change.Holding h) {
        if (h.daysAtZero() >= rules.daysListedAtZero()) {
            return;
        }
        Position p = position(h.symbol());
        p.qty = h.qty();
        p.cost = h.cost();
        p.boughtToday = h.boughtToday();
        p.soldToday = h.soldToday();
        p.boughtAmountToday = h.boughtAmountToday();
        p.soldAmountToday = h.soldAmountToday();
        p.boughtYesterday = h.boughtYesterday();
        p.soldYesterday = h.soldYesterday();
        p.daysAtZero = h.daysAtZero();
    }

    void restore(Change.Loan l) {
        if (l.daysAtZero() >= rules.daysListedAtZero()) {
            return;
        }
        Position p = loan(new LoanKey(l.symbol(), l.date(), l.ksfc()));
        p.lent = l.amount();
        p.qty = l.qty();
        p.cost = l.cost();
        p.boughtToday = l.boughtToday();
        p.soldToday = l.soldToday();
        p.boughtAmountToday = l.boughtAmountToday();
        p.soldAmountToday = l.soldAmountToday();
        p.boughtYesterday = l.boughtYesterday();
        p.soldYesterday = l.soldYesterday();
        p.daysAtZero = l.daysAtZero();
    }
}
