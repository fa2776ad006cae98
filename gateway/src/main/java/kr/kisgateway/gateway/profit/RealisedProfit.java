package kr.kisgateway.gateway.profit;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderRoutes;
import kr.kisgateway.gateway.order.OrderStore;
import kr.kisgateway.gateway.order.OrderStore.RecordedFill;
import kr.kisgateway.gateway.profit.ProfitLedger.Grouping;
import kr.kisgateway.gateway.profit.ProfitLedger.Trade;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.Costs;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Side;

/**
 * Realised profit and loss from the fills in the journal, which are read from its beginning, because a sale is matched with the purchases
 * before it. Commission and tax of each fill are estimated.
 */
public final class RealisedProfit {
    /** Days of a ledger about a time: what was before is only matched. */
    private static final LocalDate EARLIER = LocalDate.EPOCH;

    private static final LocalDate COUNTED = EARLIER.plusDays(1);

    private final OrderDesk desk;
    private final Function<MarketSymbol, Optional<Listed>> listing;
    private final Commissions commissions;

    /**
     * @param listing finds the instrument of a symbol, which its tax depends on
     * @param commissions by which that of each fill is estimated
     */
    public RealisedProfit(OrderDesk desk, Function<MarketSymbol, Optional<Listed>> listing, Commissions commissions) {
        this.desk = desk;
        this.listing = listing;
        this.commissions = commissions;
    }

    /**
     * What an account traded in a time.
     *
     * @param fills how many
     * @param shares of all
     * @param amounts by currency, of those that were traded
     */
    public record Trading(long fills, long shares, Map<Currency, Amounts> amounts) {
        public Trading {
            amounts = Map.copyOf(amounts);
        }
    }

    /**
     * Of one currency.
     *
     * @param realised by its sales, with estimated commission and tax
     * @param complete whether the purchase and the tax of every sale are known
     */
    public record Amounts(BigDecimal bought, BigDecimal sold, BigDecimal realised, boolean complete) {
        private static Amounts of(Currency currency, ProfitLedger.Sums sums) {
            return new Amounts(
                    ApiValues.amount(currency, sums.boughtAmount()),
                    ApiValues.amount(currency, sums.soldAmount()),
                    ApiValues.amount(currency, sums.net()),
                    sums.uncoveredQty() == 0 && sums.hasTax());
        }
    }

    /**
     * What an account traded by the fills that were recorded from {@code since} to before {@code until}.
     *
     * @throws kr.kisgateway.gateway.error.RefusedException when the journal cannot be read now
     */
    public Trading between(String account, Instant since, Instant until) {
        var ledger = new ProfitLedger(LotMethod.FIFO, Grouping.DAY, Optional.of(COUNTED));
        var counted = new AtomicLong();
        OrderRoutes.readJournal(() -> {
            desk.forEachFill(ofAccount(account), fill -> {
                if (fill.at().isBefore(since)) {
                    ledger.add(trade(fill, EARLIER));
                } else if (fill.at().isBefore(until)) {
                    ledger.add(trade(fill, COUNTED));
                    counted.incrementAndGet();
                }
            });
            return true;
        });
        long shares = 0;
        var amounts = new TreeMap<Currency, Amounts>();
        for (var row : ledger.rows().entrySet()) {
            shares += row.getValue().boughtQty() + row.getValue().soldQty();
            amounts.put(row.getKey().currency(), Amounts.of(row.getKey().currency(), row.getValue()));
        }
        return new Trading(counted.get(), shares, amounts);
    }

    private static OrderStore.FillFilter ofAccount(String account) {
        return new OrderStore.FillFilter(
                new OrderStore.Filter(
                        Optional.of(Set.of(account)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** @param from first day that is counted; earlier fills are purchases of what is sold later */
    ProfitLedger ledger(LotMethod method, Grouping grouping, Optional<LocalDate> from, OrderStore.FillFilter selected) {
        var ledger = new ProfitLedger(method, grouping, from);
        OrderRoutes.readJournal(() -> {
            desk.forEachFill(selected, fill -> ledger.add(trade(fill, fill.tradingDay())));
            return true;
        });
        return ledger;
    }

    /** @param day to which it is counted */
    private Trade trade(RecordedFill fill, LocalDate day) {
        var terms = fill.terms();
        long amount = fill.fill().value();
        return new Trade(
                day,
                terms.symbol(),
                terms.strategyId(),
                terms.side(),
                fill.fill().qty(),
                amount,
                commissions.on(fill.fill().venue().orElse(terms.venue())).commission(amount),
                terms.side() == Side.BUY ? OptionalLong.of(0) : tax(terms.symbol(), amount, fill.tradingDay()));
    }

    private OptionalLong tax(MarketSymbol symbol, long amount, LocalDate day) {
        Optional<Instrument> instrument = listing.apply(symbol)
                .flatMap(
                        it -> it instanceof Listed.Korean korean ? Optional.of(korean.instrument()) : Optional.empty());
        return instrument.isPresent()
                ? OptionalLong.of(Costs.usual()
                        .sellTax(instrument.get().board(), instrument.get().product(), amount, day))
                : OptionalLong.empty();
    }
}
