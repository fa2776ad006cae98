package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PriceRules;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;

/**
 * Prices at an offset from the last price: of a buy below it, of a sale above it, on the tick and within the limits of the day. A
 * negative offset is on the other side.
 */
public final class PriceOffsets {
    private static final int BASIS_POINTS = 10_000;

    private final Map<Board, Integer> offsets;
    private final Function<Symbol, Optional<Instrument>> listing;
    private final BiFunction<Instrument, Venue, MarketFacts> facts;

    /**
     * @param offsets basis points of the last price; stocks of another board have none
     * @param facts with the last price at a venue and the limits of the day
     */
    public PriceOffsets(
            Map<Board, Integer> offsets,
            Function<Symbol, Optional<Instrument>> listing,
            BiFunction<Instrument, Venue, MarketFacts> facts) {
        this.offsets = Map.copyOf(offsets);
        this.listing = listing;
        this.facts = facts;
    }

    /**
     * The price of a new order, or why it has none: {@code OFFSET_NOT_DEFINED}, {@code QUOTE_UNAVAILABLE}.
     *
     * @param symbol that is listed
     */
    Result<Long> first(MarketSymbol symbol, Venue venue, Side side, Instant now) {
        Optional<Instrument> instrument = symbol instanceof Symbol korean ? listing.apply(korean) : Optional.empty();
        Optional<Integer> offset = instrument.flatMap(this::offset);
        if (offset.isEmpty()) {
            return Result.refused(Refusal.of(
                            ErrorCode.OFFSET_NOT_DEFINED,
                            "no offset is defined for " + symbol + " (" + describe(instrument)
                                    + "); send a price, or use a stock of " + String.join(", ", boards()))
                    .with("defined", boards()));
        }
        return price(instrument.get(), venue, side, offset.get(), now);
    }

    /**
     * The next price of an order that rests: it approaches the last price in equal steps, and the last step is the last price.
     *
     * @param step from 1 to {@code policy.max()}
     */
    Result<Long> next(Symbol symbol, Venue venue, Side side, PricePolicy policy, int step, Instant now) {
        Optional<Instrument> instrument = listing.apply(symbol);
        if (instrument.isEmpty()) {
            return Result.refused(Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, symbol + " is not listed"));
        }
        int full = policy.isOffset() ? offset(instrument.get()).orElse(0) : 0;
        return price(instrument.get(), venue, side, full * (policy.max() - step) / policy.max(), now);
    }

    private Result<Long> price(Instrument instrument, Venue venue, Side side, int offset, Instant now) {
        MarketFacts known = facts.apply(instrument, venue);
        if (known.last().isEmpty()) {
            return Result.refused(Refusal.of(
                    ErrorCode.QUOTE_UNAVAILABLE,
                    "the last price of " + instrument.symbol() + " is unknown; retry, or send a price"));
        }
        long last = known.last().getAsLong();
        LocalDate day = LocalDate.ofInstant(now, TradingCalendar.SEOUL);
        boolean isBuy = side == Side.BUY;
        long exact = last * (BASIS_POINTS + (isBuy ? -offset : offset)) / BASIS_POINTS;
        // Rounded to the better price for whoever orders, so that an offset is never less than it should be.
        long snapped = isBuy
                ? PriceRules.snapDown(instrument.product(), exact, day)
                : PriceRules.snapUp(instrument.product(), exact, day);
        return Result.success(within(known, snapped));
    }

    private static long within(MarketFacts known, long price) {
        OptionalLong lower = known.lower();
        OptionalLong upper = known.upper();
        long atLeast = lower.isPresent() ? Math.max(price, lower.getAsLong()) : price;
        return upper.isPresent() ? Math.min(atLeast, upper.getAsLong()) : atLeast;
    }

    private Optional<Integer> offset(Instrument instrument) {
        return instrument.product() == Product.STOCK
                ? Optional.ofNullable(offsets.get(instrument.board()))
                : Optional.empty();
    }

    private List<String> boards() {
        return offsets.keySet().stream().sorted().map(Enum::name).toList();
    }

    private static String describe(Optional<Instrument> instrument) {
        return instrument
                .map(it -> it.product() == Product.STOCK
                        ? it.board().name()
                        : it.product().name())
                .orElse("not a Korean stock");
    }
}
