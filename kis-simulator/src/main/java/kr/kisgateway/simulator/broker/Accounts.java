package kr.kisgateway.simulator.broker;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import kr.kisgateway.market.Costs;
import kr.kisgateway.market.Side;
import kr.kisgateway.simulator.exchange.Stock;

/**
 * The accounts in won: what they own, and what their open orders reserve of it.
 *
 * <p>An open buy reserves its remaining shares at the margin price (a market order's is the upper limit) with the commission;
 * an open sell reserves its shares. Each fill books cash and shares at once; costs are computed on an order's cumulative
 * amount so that they do not depend on how it was sliced.
 */
final class Accounts {
    private final Costs costs = Costs.usual();
    private final double ledgerPerSecond;
    private final Map<AccountId, Account> accounts = new TreeMap<>();

    /** @param ledgerPerSecond admitted calls a second for each account */
    Accounts(double ledgerPerSecond) {
        this.ledgerPerSecond = ledgerPerSecond;
    }

    /** The account, opened with 1 billion won at its first use. */
    Account findOrOpen(AccountId id, StepOutput out) {
        Account existing = accounts.get(id);
        if (existing != null) {
            return existing;
        }
        Account opened = get(id);
        opened.settled = Account.OPENING_CASH;
        opened.assetsYesterday = Account.OPENING_CASH;
        out.save(opened.cashChange());
        return opened;
    }

    /** The account; without cash when it is not open yet. */
    Account get(AccountId id) {
        return accounts.computeIfAbsent(id, i -> new Account(i, 0, new RateWindow(ledgerPerSecond)));
    }

    Collection<Account> all() {
        return accounts.values();
    }

    /** The cost of {@code qty} shares bought at {@code price}, with the commission. */
    long margin(long qty, long price) {
        long amount = Math.multiplyExact(qty, price);
        return amount + costs.commission(amount);
    }

    /** What the order reserves now: shares of a sell or won of a buy. */
    long reservation(UserOrder order) {
        long remaining = order.remaining();
        return order.side == Side.SELL ? remaining : margin(remaining, order.marginPrice);
    }

    /** Reserves what a new order needs. */
    void reserve(UserOrder order) {
        adjustReservation(order, 0);
    }

    /** Releases all that the order reserves; must be called before it closes. */
    void release(UserOrder order) {
        addReserved(order, -reservation(order));
    }

    /** Reserves what the order needs now instead of {@code before}. */
    void adjustReservation(UserOrder order, long before) {
        addReserved(order, reservation(order) - before);
    }

    private void addReserved(UserOrder order, long more) {
        Account account = get(order.account);
        if (order.side == Side.SELL) {
            account.position(order.symbol).reserved += more;
        } else {
            account.reserved += more;
        }
    }

    /** Whether {@code qty} shares of the order may be re-priced: their current reservation is free for it. */
    boolean isAffordable(UserOrder original, long qty, long newMarginPrice) {
        long freed = reservation(original) - margin(original.remaining() - qty, original.marginPrice);
        return original.side == Side.SELL
                || margin(qty, newMarginPrice) <= get(original.account).spendable() + freed;
    }

    /** Books a fill in the order and its account; its reservation stays. */
    void bookFill(UserOrder order, Stock stock, long price, long qty) {
        long costsBefore = costs(order, stock);
        order.filledQty += qty;
        order.filledAmount += price * qty;
        order.fills++;
        order.basis += get(order.account)
                .bookFill(order.symbol, order.side, qty, price * qty, costs(order, stock) - costsBefore);
    }

    private long costs(UserOrder order, Stock stock) {
        return costs.of(
                order.side, stock.instrument().board(), stock.instrument().product(), order.filledAmount, order.day);
    }
}
