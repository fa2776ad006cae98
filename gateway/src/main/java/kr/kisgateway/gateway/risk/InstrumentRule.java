package kr.kisgateway.gateway.risk;

import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.NearestPrices;
import kr.kisgateway.market.PriceRules;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/** Checks a symbol and a price against the listing and the tick tables. */
public final class InstrumentRule {
    private final Function<Symbol, Optional<Instrument>> listing;
    private final TradingCalendar calendar;
    private final InstantSource clock;

    public InstrumentRule(
            Function<Symbol, Optional<Instrument>> listing, TradingCalendar calendar, InstantSource clock) {
        this.listing = listing;
        this.calendar = calendar;
        this.clock = clock;
    }

    /** Refuses an unlisted symbol and a price off the tick table, naming the nearest valid ones. */
    public Optional<Refusal> check(Symbol symbol, OptionalLong price) {
        Optional<Instrument> instrument = listing.apply(symbol);
        if (instrument.isEmpty()) {
            return Optional.of(
                    Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, "no market lists " + symbol + "; check the code"));
        }
        if (price.isEmpty()) {
            return Optional.empty();
        }
        var product = instrument.get().product();
        LocalDate day = today();
        if (PriceRules.isOnTick(product, price.getAsLong(), day)) {
            return Optional.empty();
        }
        NearestPrices nearest = PriceRules.nearest(product, price.getAsLong(), day);
        return Optional.of(Refusal.of(
                        ErrorCode.INVALID_TICK_SIZE,
                        "the exchange accepts prices of " + symbol + " in steps of "
                                + PriceRules.tick(product, price.getAsLong(), day) + " won here")
                .with("nearest", List.of(nearest.below(), nearest.above())));
    }

    private LocalDate today() {
        return calendar.tradingDay(clock.instant());
    }
}
