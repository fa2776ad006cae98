package kr.kisgateway.simulator.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.simulator.account.CostBasis;

/**
 * One account: cash by settlement day, shares, and orders by number. Amounts in won.
 *
 * <p>Trades settle on the second business day after the trade (T+2), so there are three cash figures: D ({@link #settled}),
 * D+1 and D+2. Buying power is D+2 less what open buys reserve.
 */
final class Account {
    /** The cash of a new account in won. */
    static final long OPENING_CASH = 1_000_000_000;

    final AccountId id;
    long settled;
    long dueTomorrow;
    long dueAfterTomorrow;
    long boughtToday;
    long soldToday;
    long costsToday;
    long boughtYesterday;
    long soldYesterday;
    long costsYesterday;
    long assetsYesterday;
    long reserved;
    final SortedMap<Symbol, Position> positions = new TreeMap<>();
    final List<UserOrder> orders = new ArrayList<>();
    final RateWindow ledgerCalls;

    /** Shares of one stock. */
    static final class Position {
        long qty;
        long cost;
        long reserved;
        long boughtToday;
        long soldToday;
        long boughtYesterday;
        long soldYesterday;
        int daysAtZero;

        /** Shares that may still be offered for sale (주문가능수량). */
        long sellable() {
            return qty - reserved;
        }
    }

    Account(AccountId id, long settled, RateWindow ledgerCalls) {
        this.id = id;
        this.settled = settled;
        this.assetsYesterday = settled;
        this.ledgerCalls = ledgerCalls;
    }

    long cashD1() {
        return settled + dueTomorrow;
    }

    long cashD2() {
        return settled + dueTomorrow + dueAfterTomorrow;
    }

    /** The most a buy may cost now in won, its commission included. */
    long spendable() {
        return cashD2() - reserved;
    }

    Position position(Symbol symbol) {
        return positions.computeIfAbsent(symbol, s -> new Position());
    }

    /** Books a trade of {@code amount} won with its costs. Returns the cost basis of the shares sold, 0 for a buy. */
    long bookFill(Symbol symbol, Side side, long qty, long amount, long costs) {
        Position position = position(symbol);
        long basis = 0;
        if (side == Side.BUY) {
            dueAfterTomorrow -= amount + costs;
            boughtToday += amount;
            position.qty += qty;
            position.cost += amount;
            position.boughtToday += qty;
            position.daysAtZero = 0;
        } else {
            dueAfterTomorrow += amount - costs;
            soldToday += amount;
            basis = CostBasis.ofSold(position.cost, qty, position.qty);
            position.cost -= basis;
            position.qty -= qty;
            position.soldToday += qty;
        }
        costsToday += costs;
        return basis;
    }

    /** Starts the next business day: each amount due moves a day nearer. */
    void rollDay(long assets) {
        settled += dueTomorrow;
        dueTomorrow = dueAfterTomorrow;
        dueAfterTomorrow = 0;
        boughtYesterday = boughtToday;
        soldYesterday = soldToday;
        costsYesterday = costsToday;
        boughtToday = soldToday = costsToday = 0;
        assetsYesterday = assets;
        for (Position position : positions.values()) {
            position.boughtYesterday = position.boughtToday;
            position.soldYesterday = position.soldToday;
            position.boughtToday = position.soldToday = 0;
            if (position.qty == 0) {
                position.daysAtZero++;
            }
        }
    }

    /** A copy of the current figures, without the orders. */
    Account copy() {
        Account copy = new Account(id, settled, ledgerCalls);
        copy.restore(cashChange());
        copy.reserved = reserved;
        positions.forEach((symbol, position) -> {
            copy.restore(holdingChange(symbol));
            copy.position(symbol).reserved = position.reserved;
        });
        return copy;
    }

    Change.Cash cashChange() {
        return new Change.Cash(
                id,
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

    Change.Holding holdingChange(Symbol symbol) {
        Position p = position(symbol);
        return new Change.Holding(
                id,
                symbol,
                p.qty,
                p.cost,
                p.boughtToday,
                p.soldToday,
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
        Position p = position(h.symbol());
        p.qty = h.qty();
        p.cost = h.cost();
        p.boughtToday = h.boughtToday();
        p.soldToday = h.soldToday();
        p.boughtYesterday = h.boughtYesterday();
        p.soldYesterday = h.soldYesterday();
        p.daysAtZero = h.daysAtZero();
    }
}
