package kr.kisgateway.gateway.instrument;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import kr.kisgateway.api.instrument.InstrumentPage;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.PriceLimits;
import kr.kisgateway.market.PriceRules;
import kr.kisgateway.market.Symbol;

/** Instruments as the API answers them, on one day. */
final class InstrumentAnswers {
    private final Function<Instrument, MarketFacts> facts;
    private final Function<Symbol, Optional<Boolean>> interrupted;
    private final Markets markets;
    private final LocalDate today;

    /** @param today the trading day of the answered ticks and limits */
    InstrumentAnswers(
            Function<Instrument, MarketFacts> facts,
            Function<Symbol, Optional<Boolean>> interrupted,
            Markets markets,
            LocalDate today) {
        this.facts = facts;
        this.interrupted = interrupted;
        this.markets = markets;
        this.today = today;
    }

    kr.kisgateway.api.instrument.Instrument answer(Listed listed) {
        return switch (listed) {
            case Listed.Korean korean -> answer(korean);
            case Listed.Overseas overseas -> answer(overseas);
        };
    }

    /** Source of each market's list. */
    static List<InstrumentPage.Listing> listings(Listing listing) {
        return listing.markets().stream()
                .map(market -> new InstrumentPage.Listing(
                        market.market().name(),
                        market.origin().source().wireName(),
                        market.origin().date(),
                        market.lines().size(),
                        market.staleReason()))
                .toList();
    }

    private kr.kisgateway.api.instrument.Instrument answer(Listed.Korean listed) {
        var instrument = listed.instrument();
        var marketFacts = facts.apply(instrument);
        var tick = tick(listed, marketFacts);
        var base = todaysBasePrice(listed);
        var computedLimits = computedLimits(listed);
        var flags = listed.flags();
        var status = marketFacts.designation();
        return new kr.kisgateway.api.instrument.Instrument(
                listed.code(),
                listed.name(),
                listed.nameEn(),
                listed.market().name(),
                listed.product().name(),
                "KRW",
                instrument.isin(),
                instrument.industry(),
                instrument.listedOn(),
                instrument.listedShares() > 0 ? OptionalLong.of(instrument.listedShares()) : OptionalLong.empty(),
                instrument.faceValue(),
                listed.lot(),
                true,
                listed.onNxt(),
                false,
                instrument.close() > 0 ? Optional.of(BigDecimal.valueOf(instrument.close())) : Optional.empty(),
                Optional.of(instrument.closeDate()),
                tick.map(Tick::size),
                tick.map(Tick::at),
                tick.map(Tick::price),
                base,
                marketFacts.lower().isPresent()
                        ? marketFacts.lower()
                        : computedLimits.map(it -> OptionalLong.of(it.lower())).orElse(OptionalLong.empty()),
                marketFacts.upper().isPresent()
                        ? marketFacts.upper()
                        : computedLimits.map(it -> OptionalLong.of(it.upper())).orElse(OptionalLong.empty()),
                halted(flags, status),
                interrupted.apply(instrument.symbol()),
                flags.map(ListingFlags::liquidation),
                managed(flags, status),
                warning(flags, status),
                listed.origin().source().wireName(),
                listed.origin().date());
    }

    /**
     * @param at the price at which it applies
     * @param price which price that is
     */
    private record Tick(BigDecimal size, BigDecimal at, String price) {}

    /** The tick at the last price; without one, at the base price; without either, at the listing's close. */
    private Optional<Tick> tick(Listed.Korean listed, MarketFacts marketFacts) {
        var base = todaysBasePrice(listed);
        long price = marketFacts.last().orElse(base.orElse(listed.instrument().close()));
        return price <= 0
                ? Optional.empty()
                : Optional.of(new Tick(
                        BigDecimal.valueOf(PriceRules.tick(listed.product(), price, today)),
                        BigDecimal.valueOf(price),
                        marketFacts.last().isPresent() ? "LAST" : base.isPresent() ? "BASE" : "CLOSE"));
    }

    /** Today's limits calculated from the base price of today's list, where KIS or a trade of today has not reported them. */
    private Optional<PriceLimits> computedLimits(Listed.Korean listed) {
        var base = todaysBasePrice(listed);
        return base.isPresent() && !isUnlimited(listed)
                ? Optional.of(PriceRules.limits(listed.instrument(), base.getAsLong(), today))
                : Optional.empty();
    }

    /** A stock in liquidation trading (정리매매) has no limits, and the first day's differ, which no list contains. */
    private boolean isUnlimited(Listed.Korean listed) {
        return listed.flags().map(ListingFlags::liquidation).orElse(false)
                || listed.instrument().listedOn().filter(today::equals).isPresent();
    }

    /** Today's base price; another day's list has none. */
    private OptionalLong todaysBasePrice(Listed.Korean listed) {
        return listed.origin().source() == Origin.Source.MASTER
                        && listed.origin().date().equals(today)
                ? listed.basePrice()
                : OptionalLong.empty();
    }

    /** Today's flag of KIS before the list's; empty where neither has it. */
    private static Optional<Boolean> halted(Optional<ListingFlags> flags, Designation status) {
        return switch (status) {
            case UNKNOWN, NOT_TRADED -> flags.map(ListingFlags::halted);
            // The list is older still.
            case OUTDATED -> Optional.empty();
            case NORMAL, WARNED, MANAGED -> Optional.of(false);
            case HALTED -> Optional.of(true);
        };
    }

    /** KIS has one value for several flags, the gravest: only "normal" means that there is no other. */
    private static Optional<Boolean> managed(Optional<ListingFlags> flags, Designation status) {
        return status == Designation.MANAGED
                ? Optional.of(true)
                : status == Designation.NORMAL ? Optional.of(false) : flags.map(ListingFlags::managed);
    }

    private static Optional<String> warning(Optional<ListingFlags> flags, Designation status) {
        var warning = flags.map(it -> it.warning().name());
        return status == Designation.WARNED
                ? warning.filter(InstrumentAnswers::isSevere).or(() -> Optional.of("WARNING"))
                : warning;
    }

    private static boolean isSevere(String warning) {
        return warning.equals("WARNING") || warning.equals("DANGER");
    }

    private kr.kisgateway.api.instrument.Instrument answer(Listed.Overseas listed) {
        var market = listed.symbol().market();
        var close = amount(market, listed.close());
        return new kr.kisgateway.api.instrument.Instrument(
                listed.code(),
                listed.name(),
                listed.nameEn(),
                listed.market().name(),
                listed.product().name(),
                market.currency().name(),
                Optional.empty(),
                listed.sector(),
                Optional.empty(),
                listed.listedShares(),
                OptionalLong.empty(),
                listed.lot(),
                false,
                false,
                market.equals(Market.US),
                close,
                listed.closeDate(),
                amount(market, tick(listed)),
                close,
                close.map(_ -> "CLOSE"),
                // Where a market has daily limits, the files do not contain them, nor halts.
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                listed.origin().source().wireName(),
                listed.origin().date());
    }

    /** The tick at the close of the list. */
    private OptionalLong tick(Listed.Overseas listed) {
        return listed.close().isPresent()
                ? OptionalLong.of(markets.of(listed.symbol().market())
                        .tick(listed.product(), listed.close().getAsLong(), today))
                : OptionalLong.empty();
    }

    private static Optional<BigDecimal> amount(Market market, OptionalLong units) {
        return units.isPresent()
                ? Optional.of(ApiValues.amount(market.currency(), units.getAsLong()))
                : Optional.empty();
    }
}
