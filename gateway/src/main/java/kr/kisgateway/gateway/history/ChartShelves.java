package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import kr.kisgateway.gateway.ask.Shelf;
import kr.kisgateway.gateway.history.BarSource.Minute;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;

/** Charts that gateways share: what one call to KIS brought, by its parameters. */
public record ChartShelves(
        Shelf<DaysQuestion, BarSource.Page> days,
        Shelf<MinutesQuestion, List<Minute>> minutes,
        Shelf<UsQuestion, UsBarSource.Page> american) {
    /** A page of bars of days and longer, both dates included. */
    public record DaysQuestion(Symbol symbol, BarPeriod period, boolean adjusted, LocalDate from, LocalDate to) {}

    /** The minutes of a day, as far as it has come. */
    public record MinutesQuestion(Symbol symbol, LocalDate day) {}

    /** A page of American bars that ends with the one that begins at {@code last}, by New York's clock. */
    public record UsQuestion(UsSymbol symbol, BarPeriod period, boolean adjusted, LocalDateTime last) {}

    /** Nothing is shared. */
    public static ChartShelves none() {
        return new ChartShelves(Shelf.none(), Shelf.none(), Shelf.none());
    }

    /** Drops every chart of {@code symbol}. */
    void drop(Symbol symbol) {
        days.drop(new DaysQuestion(symbol, BarPeriod.DAY, false, LocalDate.EPOCH, LocalDate.EPOCH));
        minutes.drop(new MinutesQuestion(symbol, LocalDate.EPOCH));
    }
}
