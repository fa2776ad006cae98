package kr.kisgateway.gateway.instrument;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.PriceRules;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsTicks;

/** An instrument as the API answers it, on one day. */
final class InstrumentJson {
    /** Typical bytes of an instrument. */
    static final int TYPICAL_BYTES = 1_024;

    private static final int DOLLAR_SCALE = 4;

    private final Function<Instrument, MarketFacts> facts;
    private final Function<Symbol, Optional<Boolean>> interrupted;
    private final LocalDate today;

    /** @param today the trading day of the answered ticks and limits */
    InstrumentJson(
            Function<Instrument, MarketFacts> facts, Function<Symbol, Optional<Boolean>> interrupted, LocalDate today) {
        this.facts = facts;
        this.interrupted = interrupted;
        this.today = today;
    }

    void write(JsonBuffer json, Listed listed) {
        switch (listed) {
            case Listed.Korean korean -> write(json, korean);
            case Listed.Us us -> write(json, us);
        }
    }

    /** Source of each market's list. */
    static void writeListings(JsonBuffer json, Listing listing) {
        json.beginArray();
        for (var market : listing.markets()) {
            json.beginObject()
                    .field("market", market.market().name())
                    .field("listing_source", market.origin().source().wireName())
                    .field("listing_date", market.origin().date().toString())
                    .field("count", market.lines().size())
                    .field("trouble", market.staleReason())
                    .endObject();
        }
        json.endArray();
    }

    private void write(JsonBuffer json, Listed.Korean listed) {
        var instrument = listed.instrument();
        var marketFacts = facts.apply(instrument);
        beginInstrument(json, listed, "KRW")
                .field("isin", instrument.isin())
                .field("industry", instrument.industry())
                .field("listed_on", instrument.listedOn().map(LocalDate::toString))
                .field("listed_shares", positive(instrument.listedShares()))
                .field("face_value", instrument.faceValue())
                .field("lot", listed.lot())
                .field("krx", true)
                .field("nxt", listed.onNxt())
                .field("us", false)
                .field("close", positive(instrument.close()))
                .field("close_date", instrument.closeDate().toString());
        writeTick(json, listed, marketFacts);
        writeLimits(json, listed, marketFacts);
        writeFlags(json, listed.flags(), marketFacts.designation(), interrupted.apply(instrument.symbol()));
        writeOrigin(json, listed.origin());
    }

    /** The tick at the last price; without one, at the base price; without either, at the listing's close. */
    private void writeTick(JsonBuffer json, Listed.Korean listed, MarketFacts marketFacts) {
        long price = marketFacts
                .last()
                .orElse(todaysBasePrice(listed).orElse(listed.instrument().close()));
        if (price <= 0) {
            json.fieldNull("tick_size").fieldNull("tick_at").fieldNull("tick_price");
            return;
        }
        json.field("tick_size", PriceRules.tick(listed.product(), price, today))
                .field("tick_at", price)
                .field(
                        "tick_price",
                        marketFacts.last().isPresent()
                                ? "LAST"
                                : todaysBasePrice(listed).isPresent() ? "BASE" : "CLOSE");
    }

    /**
     * Today's limits as reported by KIS or a trade of today, otherwise calculated from the base price of today's list.
     */
    private void writeLimits(JsonBuffer json, Listed.Korean listed, MarketFacts marketFacts) {
        var computedLimits = todaysBasePrice(listed).isPresent() && !isUnlimited(listed)
                ? Optional.of(PriceRules.limits(
                        listed.instrument(), todaysBasePrice(listed).getAsLong(), today))
                : Optional.<kr.kisgateway.market.PriceLimits>empty();
        json.field("base_price", todaysBasePrice(listed));
        json.field(
                "lower_limit",
                marketFacts.lower().isPresent()
                        ? marketFacts.lower()
                        : computedLimits.map(it -> OptionalLong.of(it.lower())).orElse(OptionalLong.empty()));
        json.field(
                "upper_limit",
                marketFacts.upper().isPresent()
                        ? marketFacts.upper()
                        : computedLimits.map(it -> OptionalLong.of(it.upper())).orElse(OptionalLong.empty()));
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

    /** Today's flags of KIS before the list's; null where neither has them. */
    private static void writeFlags(
            JsonBuffer json, Optional<ListingFlags> flags, Designation status, Optional<Boolean> interrupted) {
        writeFlag(
                json,
                "halted",
                switch (status) {
                    case UNKNOWN -> flags.map(ListingFlags::halted);
                    // The list is older still.
                    case OUTDATED -> Optional.empty();
                    case NORMAL, WARNED, MANAGED -> Optional.of(false);
                    case HALTED -> Optional.of(true);
                });
        writeFlag(json, "interrupted", interrupted);
        writeFlag(json, "liquidation", flags.map(ListingFlags::liquidation));
        // One value for several flags, the gravest: only "normal" means that there is no other.
        writeFlag(
                json,
                "managed",
                status == Designation.MANAGED
                        ? Optional.of(true)
                        : status == Designation.NORMAL ? Optional.of(false) : flags.map(ListingFlags::managed));
        var warning = flags.map(it -> it.warning().name());
        json.field(
                "warning",
                status == Designation.WARNED
                        ? warning.filter(InstrumentJson::isSevere).or(() -> Optional.of("WARNING"))
                        : warning);
    }

    private static boolean isSevere(String warning) {
        return warning.equals("WARNING") || warning.equals("DANGER");
    }

    private static void writeFlag(JsonBuffer json, String name, Optional<Boolean> flag) {
        if (flag.isPresent()) {
            json.field(name, flag.get());
        } else {
            json.fieldNull(name);
        }
    }

    private static void write(JsonBuffer json, Listed.Us listed) {
        beginInstrument(json, listed, "USD")
                .fieldNull("isin")
                .field("industry", listed.sector())
                .fieldNull("listed_on")
                .field("listed_shares", listed.listedShares())
                .fieldNull("face_value")
                .field("lot", listed.lot())
                .field("krx", false)
                .field("nxt", false)
                .field("us", true);
        writeDollars(json, "close", listed.close());
        json.field("close_date", listed.closeDate().map(LocalDate::toString));
        writeDollars(
                json,
                "tick_size",
                listed.close().isPresent()
                        ? OptionalLong.of(UsTicks.tick(listed.close().getAsLong()))
                        : OptionalLong.empty());
        writeDollars(json, "tick_at", listed.close());
        json.field("tick_price", listed.close().isPresent() ? Optional.of("CLOSE") : Optional.<String>empty());
        // The US has no daily limits, and the files contain no halts.
        json.fieldNull("base_price")
                .fieldNull("lower_limit")
                .fieldNull("upper_limit")
                .fieldNull("halted")
                .fieldNull("interrupted")
                .fieldNull("liquidation")
                .fieldNull("managed")
                .fieldNull("warning");
        writeOrigin(json, listed.origin());
    }

    private static JsonBuffer beginInstrument(JsonBuffer json, Listed listed, String currency) {
        return json.beginObject()
                .field("symbol", listed.code())
                .field("name", listed.name())
                .field("name_en", listed.nameEn())
                .field("market", listed.market().name())
                .field("product", listed.product().name())
                .field("currency", currency);
    }

    private static void writeOrigin(JsonBuffer json, Origin origin) {
        json.field("listing_source", origin.source().wireName())
                .field("listing_date", origin.date().toString())
                .endObject();
    }

    private static void writeDollars(JsonBuffer json, String name, OptionalLong units) {
        if (units.isPresent()) {
            var value = BigDecimal.valueOf(units.getAsLong(), DOLLAR_SCALE).stripTrailingZeros();
            json.field(name, value.scale() < 0 ? value.setScale(0) : value);
        } else {
            json.fieldNull(name);
        }
    }

    private static OptionalLong positive(long figure) {
        return figure > 0 ? OptionalLong.of(figure) : OptionalLong.empty();
    }
}
