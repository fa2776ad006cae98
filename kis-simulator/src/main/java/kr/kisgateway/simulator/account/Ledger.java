package kr.kisgateway.simulator.account;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.entity.AccountId;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.entity.OrderKind;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.wire.ExecutionNotice.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The accounts and orders of one market: reservations, the booking of fills, and the end of orders. A subclass validates
 * requests and executes them on its market.
 *
 * <p>An open buy reserves its remaining shares with the commission, an open sale its shares. Each fill books cash and shares at
 * once; costs are computed on an order's cumulative amount so that they do not depend on how it was sliced.
 *
 * @param <O> its orders
 */
public abstract class Ledger<O extends Order> {
    /** 15.4 %: tax on income and the local one on it. */
    private static final long DIVIDEND_TAX_PER_MILLE = 154;

    private final AccountRules rules;
    private final Map<AccountId, Account<O>> accounts = new TreeMap<>();
    private final Map<Long, O> open = new TreeMap<>();
    private final Map<MarketSymbol, Integer> openPerStock = new HashMap<>();
    private long lastPriority;

    protected Ledger(AccountRules rules) {
        this.rules = rules;
    }

    // ---- the market ----------------------------------------------------------------------------------------------

    /** Stores a record with the current step. */
    protected abstract void save(Change change);

    /** The time by the broker's clock. */
    protected abstract Instant brokerTime(Instant at);

    /** Publishes an execution notice about a request itself, with its own price. */
    protected abstract void publishNotice(O order, long qty, Kind kind, Instant at);

    /** The order of a record. */
    protected abstract O order(Change.Order stored);

    /** The cash that {@code remaining} shares of a buy reserve. */
    protected abstract long margin(O buy, long remaining);

    /** The cash that {@code qty} shares at {@code price} need in the place of those of {@code order}. */
    protected long margin(O order, long qty, long price) {
        return margin(qty, price);
    }

    /** The part of {@code amount} that is lent to a buy. */
    protected long lent(O buy, long amount) {
        return 0;
    }

    /** Takes shares of an order from its queue. Returns how many there were. */
    protected abstract long takeFromQueue(O order, long qty);

    /** An account was opened and is stored. */
    protected void accountOpened() {}

    // ---- accounts ------------------------------------------------------------------------------------------------

    /** The account, opened with the usual cash at its first use. */
    public final Account<O> findOrOpenAccount(AccountId id) {
        Account<O> account = accounts.get(id);
        if (account == null) {
            account = account(id);
            account.open(rules.openingCash());
            save(account.cashRecord());
            accountOpened();
        }
        return account;
    }

    private Account<O> account(AccountId id) {
        return accounts.computeIfAbsent(id, it -> new Account<>(it, rules, 0));
    }

    public final Collection<Account<O>> accounts() {
        return accounts.values();
    }

    /** The cost of {@code qty} shares bought at {@code price}, with the commission. */
    protected final long margin(long qty, long price) {
        long amount = Math.multiplyExact(qty, price);
        return amount + rules.commission(amount);
    }

    /** The number of shares at a price that an account could buy, up to {@code most}. */
    protected final long buyableQuantity(Account<O> account, long price, long most) {
        long cash = Math.max(0, account.spendable());
        long max = price <= 0 ? 0 : Math.min(most, cash / price);
        long affordable = 0;
        while (affordable < max) {
            long middle = affordable + (max - affordable + 1) / 2;
            if (margin(middle, price) <= cash) {
                affordable = middle;
            } else {
                max = middle - 1;
            }
        }
        return affordable;
    }

    /** Whether {@code qty} shares of the order may be re-priced: their current reservation is free for it. */
    protected final boolean isAffordable(O original, long qty, long price) {
        long left = original.remaining();
        return original.side() == Side.SELL
                || margin(original, qty, price)
                        <= account(original.account()).spendable()
                                + margin(original, left)
                                - margin(original, left - qty);
    }

    private long reservation(O order) {
        return order.side() == Side.SELL ? order.remaining() : margin(order, order.remaining());
    }

    /** Reserves what an order needs that reserves nothing yet. */
    protected final void reserve(O order) {
        adjustReservation(order, 0);
    }

    /** Releases all that the order reserves; must be called before it closes. */
    private void release(O order) {
        account(order.account()).addReserved(order, -reservation(order));
    }

    private void adjustReservation(O order, long before) {
        account(order.account()).addReserved(order, reservation(order) - before);
    }

    /** Starts the next trading day of every account, with its assets at the end of the last one. */
    protected final void rollAccounts(ToLongFunction<Account<O>> assets) {
        for (Account<O> account : accounts.values()) {
            account.rollDay(assets.applyAsLong(account));
            save(account.cashRecord());
            List.copyOf(account.positions().keySet()).forEach(symbol -> save(account.holdingRecord(symbol)));
            List.copyOf(account.loans().keySet()).forEach(key -> save(account.loanRecord(key)));
            account.removeExpiredPositions();
        }
    }

    // ---- orders --------------------------------------------------------------------------------------------------

    /** Whether a user's order is open in the stock. */
    public final boolean hasOpenOrders(MarketSymbol symbol) {
        return openPerStock.containsKey(symbol);
    }

    /** Every open order, by id. */
    protected final Collection<O> open() {
        return open.values();
    }

    /** The order; null when none of that id is open. */
    protected final @Nullable O open(long id) {
        return open.get(id);
    }

    protected final List<O> openByPriority() {
        return open.values().stream()
                .sorted(Comparator.comparingLong(Order::priority))
                .toList();
    }

    protected final void opened(O order) {
        if (order.kind() != OrderKind.CANCEL) {
            open.put(order.id(), order);
            openPerStock.merge(order.symbol(), 1, Integer::sum);
        }
    }

    protected final void closed(O order) {
        order.close();
        if (open.remove(order.id()) != null) {
            openPerStock.computeIfPresent(order.symbol(), (s, n) -> n == 1 ? null : Integer.valueOf(n - 1));
        }
    }

    /** Puts the order at the end of the queue. */
    protected final void queueLast(O order) {
        order.setPriority(++lastPriority);
    }

    /** An accepted request by its terms. */
    protected record NewOrder(
            MarketSymbol symbol,
            Side side,
            OrderKind kind,
            long originalOdno,
            String division,
            long qty,
            long price,
            Change.Terms terms) {
        /** Creates the request of an order or of a modify or cancel of one. */
        public NewOrder {}
    }

    /** Adds an accepted request to its account, under a number of the business date in Korea. */
    protected final O accept(Account<O> account, NewOrder r, LocalDate day, long odno, Instant now) {
        O order = order(new Change.Order(
                day,
                odno,
                r.originalOdno(),
                account.id(),
                r.symbol(),
                r.side(),
                r.kind(),
                r.division(),
                r.qty(),
                r.price(),
                koreanTime(brokerTime(now)),
                now.toEpochMilli(),
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                true,
                r.terms()));
        account.mutableOrders().add(order);
        return order;
    }

    /** Restores a record of this market; orders must come in the order of their priority, so they queue as before. */
    public void restore(Change change) {
        if (change instanceof Change.Cash cash
                && cash.currency() == rules.market().currency()) {
            account(cash.account()).restore(cash);
        } else if (change instanceof Change.Holding holding && isListedHere(holding.symbol())) {
            account(holding.account()).restore(holding);
        } else if (change instanceof Change.Loan loan && isListedHere(loan.symbol())) {
            account(loan.account()).restore(loan);
        } else if (change instanceof Change.Dividend dividend && isListedHere(dividend.symbol())) {
            account(dividend.account()).restore(dividend);
        } else if (change instanceof Change.Order stored && isListedHere(stored.symbol())) {
            O order = order(stored);
            account(order.account()).mutableOrders().add(order);
            lastPriority = Math.max(lastPriority, order.priority());
            if (order.isOpen()) {
                opened(order);
                reserve(order);
                restored(order);
            }
        }
    }

    private boolean isListedHere(MarketSymbol symbol) {
        return symbol.market().equals(rules.market());
    }

    /** An open order is restored. */
    protected void restored(O order) {}

    /** Sorts the orders, which were restored by priority, in the order of their arrival again. */
    protected final void sortRestored() {
        accounts.values()
                .forEach(account -> account.mutableOrders()
                        .sort(Comparator.<O, LocalDate>comparing(Order::day).thenComparingLong(Order::odno)));
    }

    /**
     * Books and stores a fill of an order.
     *
     * @param costs of an amount that the order has traded
     */
    protected final void book(O order, long price, long qty, LongUnaryOperator costs, Instant at) {
        Account<O> account = account(order.account());
        long before = reservation(order);
        long costsBefore = costs.applyAsLong(order.filledAmount());
        long lentBefore = lent(order, order.filledAmount());
        long amount = Math.multiplyExact(price, qty);
        order.fill(qty, amount);
        order.addBasis(account.bookFill(
                order,
                qty,
                amount,
                lent(order, order.filledAmount()) - lentBefore,
                costs.applyAsLong(order.filledAmount()) - costsBefore));
        if (order.outstanding() == 0) {
            closed(order);
        }
        adjustReservation(order, before);
        int time = koreanTime(brokerTime(at));
        save(new Change.Fill(order.day(), order.odno(), order.fills(), time, price, qty));
        save(order.record());
        save(account.cashRecord());
        save(order.loan().<Change>map(account::loanRecord).orElseGet(() -> account.holdingRecord(order.symbol())));
    }

    /**
     * Pays a dividend to everybody who holds the stock; who got that of the day already gets none.
     *
     * @param perShare before tax
     * @return how many accounts get it
     */
    public final int payDividend(Symbol symbol, long perShare, LocalDate recordDate) {
        int holders = 0;
        for (Account<O> account : accounts()) {
            long qty = account.held(symbol);
            if (qty > 0) {
                long amount = Math.multiplyExact(qty, perShare);
                var dividend = new Change.Dividend(
                        account.id(), symbol, recordDate, qty, amount, amount * DIVIDEND_TAX_PER_MILLE / 1_000);
                if (account.pay(dividend)) {
                    save(dividend);
                    save(account.cashRecord());
                    holders++;
                }
            }
        }
        return holders;
    }

    /** Books the exchange's refusal of what the broker accepted; the original order stays unchanged. */
    protected final void refuse(O order, Instant at) {
        release(order);
        order.arrive();
        order.reject(order.qty());
        closed(order);
        save(order.record());
        publishNotice(order, order.qty(), Kind.REJECTED, at);
    }

    /** Ends an order that has left its queue because its session is over, without a notice (§6.6). */
    protected final void expire(O order) {
        release(order);
        closed(order);
        save(order.record());
    }

    /** Cancels the remainder of an order that has left its queue; the caller stores it. */
    protected final void cancelRest(O order, long left, Instant at) {
        release(order);
        order.cancel(left);
        closed(order);
        publishNotice(order, left, Kind.REST_CANCELLED, at);
    }

    /** Cancels shares of an order that a modify or cancel replaces. */
    protected final void reduceOriginal(O original, long qty) {
        long before = reservation(original);
        if (takeFromQueue(original, qty) != qty) {
            throw new IllegalStateException("order " + original.odno() + " rests with less than it has left");
        }
        original.cancel(qty);
        if (original.outstanding() == 0) {
            closed(original);
        }
        adjustReservation(original, before);
        save(original.record());
    }

    /** The time of day by Korea's clock, {@code HHmmss}. */
    public static int koreanTime(Instant at) {
        return Tape.timeOfDay(at.atZone(TradingCalendar.SEOUL).toLocalTime());
    }
}
