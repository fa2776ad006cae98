package kr.kisgateway.gateway.risk;

import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.NearestPrices;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.PriceRules;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsTicks;
import kr.kisgateway.market.Venue;

/** Checks a symbol and a price against the listing and the tick tables. */
public final class InstrumentRule implements InstrumentChecks {
    private final Function<Symbol, Optional<Instrument>> listing;
    private final Predicate<MarketSymbol> isListed;
    private final TradingCalendar calendar;
    private final InstantSource clock;
    private final SharesOnly sharesOnly;

    /** Whether a venue takes a kind of order of shares of KOSPI and KOSDAQ only. */
    public interface SharesOnly {
        boolean test(OrderKind kind, Venue venue, LocalDate day);
    }

    /**
     * @param listing of Korean instruments
     * @param isListed whether a symbol of another market is listed
     */
    public InstrumentRule(
            Function<Symbol, Optional<Instrument>> listing,
            Predicate<MarketSymbol> isListed,
            TradingCalendar calendar,
            InstantSource clock,
            SharesOnly sharesOnly) {
        this.listing = listing;
        this.isListed = isListed;
        this.calendar = calendar;
        this.clock = clock;
        this.sharesOnly = sharesOnly;
    }

    /** Refuses an order of an ETF, an ETN or a KONEX stock where only shares are traded. */
    @Override
    public Optional<Refusal> checkVenue(MarketSymbol symbol, OrderKind kind, Venue venue) {
        return korean(symbol)
                .filter(it -> it.product() != Product.STOCK || it.board() == Board.KONEX)
                .filter(_ -> sharesOnly.test(kind, venue, today()))
                .map(it -> Refusal.of(
                                ErrorCode.SYMBOL_RESTRICTED,
                                symbol + " may not be ordered so: " + venue + " takes " + kind
                                        + " orders of shares of KOSPI and KOSDAQ only; send it to KRX in the regular"
                                        + " session")
                        .with("restriction", "shares_only")
                        .with("product", it.product().name())
                        .with("board", it.board().name()));
    }

    private Optional<Instrument> korean(MarketSymbol symbol) {
        return symbol instanceof Symbol code ? listing.apply(code) : Optional.empty();
    }

    /** Refuses an unlisted symbol and a price off the tick table, naming the nearest valid ones. */
    @Override
    public Optional<Refusal> check(MarketSymbol symbol, OptionalLong price) {
        Optional<Instrument> korean = korean(symbol);
        if (korean.isEmpty() && (symbol instanceof Symbol || !isListed.test(symbol))) {
            return Optional.of(
                    Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, "no market lists " + symbol + "; check the code"));
        }
        if (price.isEmpty()) {
            return Optional.empty();
        }
        return korean.isPresent() ? checkTick(korean.get(), price.getAsLong()) : checkUsTick(symbol, price.getAsLong());
    }

    private Optional<Refusal> checkTick(Instrument instrument, long price) {
        var product = instrument.product();
        LocalDate day = today();
        if (PriceRules.isOnTick(product, price, day)) {
            return Optional.empty();
        }
        NearestPrices nearest = PriceRules.nearest(product, price, day);
        return Optional.of(
                offTick(instrument.symbol(), PriceRules.tick(product, price, day), nearest.below(), nearest.above()));
    }

    private static Optional<Refusal> checkUsTick(MarketSymbol symbol, long price) {
        return UsTicks.isOnTick(price)
                ? Optional.empty()
                : Optional.of(offTick(symbol, UsTicks.tick(price), UsTicks.snapDown(price), UsTicks.nextUp(price)));
    }

    private static Refusal offTick(MarketSymbol symbol, long tick, long below, long above) {
        Currency currency = symbol.market().currency();
        return Refusal.of(
                        ErrorCode.INVALID_TICK_SIZE,
                        "the exchange accepts prices of " + symbol + " in steps of " + Amounts.text(currency, tick)
                                + " here")
                .with("nearest", List.of(Amounts.figure(currency, below), Amounts.figure(currency, above)));
    }

    private LocalDate today() {
        return calendar.tradingDay(clock.instant());
    }
}
