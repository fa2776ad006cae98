package kr.kisgateway.gateway.profit;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Side;

/**
 * Profit and loss of trades that are added in the order in which they happened. A sale realises the difference to what its shares
 * cost, with the commission of both and the tax of the sale. Shares of which no purchase was added have no cost here: their
 * sale is counted apart, as uncovered, and never as a profit.
 */
final class ProfitLedger {
    /** What the rows of the result are about. */
    enum Grouping {
        DAY,
        SYMBOL,
        STRATEGY
    }

    /**
     * Shares that were bought or sold; amounts in units of the currency.
     *
     * @param strategy label of the order
     * @param tax of a sale; empty when it is not known
     */
    record Trade(
            LocalDate day,
            MarketSymbol symbol,
            Optional<String> strategy,
            Side side,
            long qty,
            long amount,
            long commission,
            OptionalLong tax) {
        Currency currency() {
            return symbol.market().currency();
        }
    }

    /**
     * Sums of trades; amounts in units of one currency.
     *
     * @param cost of the shares sold, without commission
     * @param commission of the sales, and of the purchases of the shares sold
     * @param uncoveredQty shares sold of which no purchase is known
     * @param uncoveredAmount received for them
     * @param hasTax whether the tax of every sale is known
     */
    record Sums(
            long boughtQty,
            long boughtAmount,
            long soldQty,
            long soldAmount,
            long cost,
            long commission,
            long tax,
            long uncoveredQty,
            long uncoveredAmount,
            boolean hasTax) {
        static final Sums NONE = new Sums(0, 0, 0, 0, 0, 0, 0, 0, 0, true);

        /** Of the covered sales, before costs. */
        long gross() {
            return soldAmount - uncoveredAmount - cost;
        }

        long net() {
            return gross() - commission - tax;
        }

        Sums plus(Sums other) {
            return new Sums(
                    Math.addExact(boughtQty, other.boughtQty),
                    Math.addExact(boughtAmount, other.boughtAmount),
                    Math.addExact(soldQty, other.soldQty),
                    Math.addExact(soldAmount, other.soldAmount),
                    Math.addExact(cost, other.cost),
                    Math.addExact(commission, other.commission),
                    Math.addExact(tax, other.tax),
                    Math.addExact(uncoveredQty, other.uncoveredQty),
                    Math.addExact(uncoveredAmount, other.uncoveredAmount),
                    hasTax && other.hasTax);
        }
    }

    /**
     * A row's subject; {@code name} is a day, a symbol or a strategy, empty for trades without a strategy.
     */
    record RowKey(Currency currency, String name) implements Comparable<RowKey> {
        @Override
        public int compareTo(RowKey other) {
            int byCurrency = currency.compareTo(other.currency);
            return byCurrency != 0 ? byCurrency : name.compareTo(other.name);
        }
    }

    private final LotMethod method;
    private final Grouping grouping;
    private final Optional<LocalDate> from;
    private final Map<LotsKey, Lots> lots = new HashMap<>();
    private final TreeMap<RowKey, Sums> rows = new TreeMap<>();
    private Optional<LocalDate> firstDay = Optional.empty();

    /** Of each strategy its own, where the result is about strategies. */
    private record LotsKey(MarketSymbol symbol, String strategy) {}

    /** @param from first day whose trades are counted; earlier ones are only matched */
    ProfitLedger(LotMethod method, Grouping grouping, Optional<LocalDate> from) {
        this.method = method;
        this.grouping = grouping;
        this.from = from;
    }

    /** Adds the next trade. */
    void add(Trade trade) {
        if (firstDay.isEmpty()) {
            firstDay = Optional.of(trade.day());
        }
        Sums change = change(trade);
        if (from.isEmpty() || !trade.day().isBefore(from.get())) {
            rows.merge(key(trade), change, Sums::plus);
        }
    }

    private Sums change(Trade trade) {
        var key = new LotsKey(
                trade.symbol(), grouping == Grouping.STRATEGY ? trade.strategy().orElse("") : "");
        Lots held = lots.computeIfAbsent(key, _ -> new Lots(method));
        if (trade.side() == Side.BUY) {
            held.buy(new Lots.Lot(trade.qty(), trade.amount(), trade.commission()));
            return new Sums(trade.qty(), trade.amount(), 0, 0, 0, 0, 0, 0, 0, true);
        }
        Lots.Lot sold = held.sell(trade.qty());
        long covered = sold.qty();
        return new Sums(
                0,
                0,
                trade.qty(),
                trade.amount(),
                sold.cost(),
                Lots.part(trade.commission(), covered, trade.qty()) + sold.commission(),
                Lots.part(trade.tax().orElse(0), covered, trade.qty()),
                trade.qty() - covered,
                trade.amount() - Lots.part(trade.amount(), covered, trade.qty()),
                trade.tax().isPresent() || covered == 0);
    }

    private RowKey key(Trade trade) {
        return new RowKey(
                trade.currency(),
                switch (grouping) {
                    case DAY -> trade.day().toString();
                    case SYMBOL -> trade.symbol().code();
                    case STRATEGY -> trade.strategy().orElse("");
                });
    }

    /** The rows, by currency and name. */
    Map<RowKey, Sums> rows() {
        return rows;
    }

    /** What was bought and not sold, by instrument. */
    Map<MarketSymbol, Lots.Lot> held() {
        Map<MarketSymbol, Lots.Lot> held = new HashMap<>();
        lots.forEach((key, each) -> {
            Lots.Lot total = each.total();
            if (total.qty() > 0) {
                held.merge(key.symbol(), total, Lots.Lot::plus);
            }
        });
        return held;
    }

    /** The instruments of all trades. */
    Set<MarketSymbol> traded() {
        return lots.keySet().stream().map(LotsKey::symbol).collect(Collectors.toSet());
    }

    /** Day of the first trade. */
    Optional<LocalDate> firstDay() {
        return firstDay;
    }
}
