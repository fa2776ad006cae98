package kr.kisgateway.simulator.us;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.simulator.account.CostBasis;

/**
 * The dollars, US shares and orders of one account, orders in the order of arrival. Amounts in ten-thousandths of a dollar.
 *
 * <p>Trades settle on the next trading day (T+1). Proceeds of a sale may be spent at once; amounts reserved by open buys may not.
 * Dollars and won are not exchanged into each other (통합증거금 is left out).
 */
public final class UsAccount {
    /** Shares of one stock. */
    public static final class Position {
        long qty;
        long cost;
        long reserved;
        long boughtToday;
        long soldToday;
        long boughtAmountToday;
        long soldAmountToday;

        public long qty() {
            return qty;
        }

        /** The cost basis of the shares, without commission. */
        public long cost() {
            return cost;
        }

        /** Shares that may still be offered for sale. */
        public long sellable() {
            return qty - reserved;
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
    }

    final AccountHolder holder;
    long settled;
    long dueTomorrow;
    long boughtToday;
    long soldToday;
    long costsToday;
    long reserved;
    final SortedMap<UsSymbol, Position> positions = new TreeMap<>();
    final List<UsOrder> orders = new ArrayList<>();

    UsAccount(AccountHolder holder, long settled) {
        this.holder = holder;
        this.settled = settled;
    }

    /** Settled dollars, without the trades of today. */
    public long settled() {
        return settled;
    }

    /** Dollars after today's trades have settled. */
    public long cash() {
        return settled + dueTomorrow;
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

    /** The reservations of open buys, their commission included. */
    public long reserved() {
        return reserved;
    }

    /** The most a buy may cost now, its commission included. */
    public long spendable() {
        return cash() - reserved;
    }

    /** By ticker; those that were sold out stay until the day is over. */
    public SortedMap<UsSymbol, Position> positions() {
        return positions;
    }

    public AccountHolder holder() {
        return holder;
    }

    /** Oldest first. */
    public List<UsOrder> orders() {
        return orders;
    }

    Position position(UsSymbol symbol) {
        return positions.computeIfAbsent(symbol, s -> new Position());
    }

    /**
     * Books a trade.
     *
     * @return for a sale the cost basis of its shares, at their average; for a buy 0
     */
    long bookFill(UsSymbol symbol, Side side, long qty, long amount, long costs) {
        Position position = position(symbol);
        costsToday += costs;
        if (side == Side.BUY) {
            dueTomorrow -= amount + costs;
            boughtToday += amount;
            position.qty += qty;
            position.cost += amount;
            position.boughtToday += qty;
            position.boughtAmountToday += amount;
            return 0;
        }
        dueTomorrow += amount - costs;
        soldToday += amount;
        long basis = CostBasis.ofSold(position.cost, qty, position.qty);
        position.cost -= basis;
        position.qty -= qty;
        position.soldToday += qty;
        position.soldAmountToday += amount;
        return basis;
    }

    /** Starts the next trading day: amounts due are settled. */
    void rollDay() {
        settled += dueTomorrow;
        dueTomorrow = boughtToday = soldToday = costsToday = 0;
        for (Position position : positions.values()) {
            position.boughtToday = position.soldToday = position.boughtAmountToday = position.soldAmountToday = 0;
        }
    }

    UsRecord.Cash cashRecord() {
        return new UsRecord.Cash(holder, settled, dueTomorrow, boughtToday, soldToday, costsToday);
    }

    UsRecord.Holding holdingRecord(UsSymbol symbol) {
        Position p = position(symbol);
        return new UsRecord.Holding(
                holder, symbol, p.qty, p.cost, p.boughtToday, p.soldToday, p.boughtAmountToday, p.soldAmountToday);
    }

    void restore(UsRecord.Cash c) {
        settled = c.settled();
        dueTomorrow = c.dueTomorrow();
        boughtToday = c.boughtToday();
        soldToday = c.soldToday();
        costsToday = c.costsToday();
    }

    void restore(UsRecord.Holding h) {
        Position p = position(h.symbol());
        p.qty = h.qty();
        p.cost = h.cost();
        p.boughtToday = h.boughtToday();
        p.soldToday = h.soldToday();
        p.boughtAmountToday = h.boughtAmountToday();
        p.soldAmountToday = h.soldAmountToday();
    }
}
