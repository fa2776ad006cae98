package kr.kisgateway.gateway.marketwide;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.cache.CachedResult;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.CurrentListing;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.marketwide.MarketSource.Flow;
import kr.kisgateway.gateway.marketwide.MarketSource.IndexValue;
import kr.kisgateway.gateway.marketwide.MarketSource.InvestorsOfDay;
import kr.kisgateway.gateway.marketwide.MarketSource.Ranked;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.market.NearestWord;
import kr.kisgateway.market.Product;

/** {@code /v1/rankings}, {@code /v1/indices}, {@code /v1/investors} and {@code /v1/etf}. */
public final class MarketWideRoutes {
    private static final int PLACES_MAX = 30;
    private static final Pattern INDEX = Pattern.compile("[0-9]{4}");

    /** The listed indices, by KIS's codes; others are requested by their codes. */
    private static final Map<String, String> MAIN_INDICES =
            new TreeMap<>(Map.of("0001", "KOSPI", "1001", "KOSDAQ", "2001", "KOSPI200"));

    private final MarketWideData market;
    private final CurrentListing listing;
    private final InstantSource clock;

    public MarketWideRoutes(MarketWideData market, CurrentListing listing, InstantSource clock) {
        this.market = market;
        this.listing = listing;
        this.clock = clock;
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, "/v1/rankings/{kind}", List.of("limit"), this::ranking);
        table.get(Role.QUOTE, "/v1/indices/{code}", this::index);
        table.get(Role.QUOTE, "/v1/indices", this::indices);
        table.get(Role.QUOTE, "/v1/investors/{symbol}", this::investors);
        table.get(Role.QUOTE, "/v1/etf/{symbol}/nav", this::nav);
    }

    private void ranking(Call call) {
        var name = call.pathParameter("kind");
        var kind = RankingKind.of(name).orElseThrow(() -> Call.notOneOf("kind", name, RankingKind.wireNames()));
        int limit = call.limit(PLACES_MAX, PLACES_MAX);
        var found = requireFound(market.ranking(kind, call.caller().name()));
        var json = new JsonBuffer(8_192)
                .beginObject()
                .field("kind", kind.wireName())
                .name("places")
                .beginArray();
        found.value().stream()
                .filter(place -> call.caller().mayReadSymbol(place.symbol().code()))
                .limit(limit)
                .forEach(place -> write(json, place));
        call.answer(appendSource(json.endArray(), found).endObject());
    }

    private static void write(JsonBuffer json, Ranked place) {
        json.beginObject()
                .field("rank", place.rank())
                .field("symbol", place.symbol().code())
                .field("name", place.name())
                .field("price", place.price())
                .field("change", place.change())
                .field("change_pct", place.changePct())
                .field("volume", place.volume())
                .field("turnover", place.turnover())
                .field("market_cap", place.marketCap());
        writeDecimal(json, "volume_growth_pct", place.volumeGrowthPct());
        writeDecimal(json, "turnover_rate_pct", place.turnoverRatePct());
        json.endObject();
    }

    private void index(Call call) {
        var code = call.pathParameter("code");
        if (!INDEX.matcher(code).matches()) {
            var refusal = Call.invalid("code", "must be four digits: 0001 is KOSPI, 1001 KOSDAQ, 2001 KOSPI 200")
                    .refusal();
            throw new RefusedException(
                    codeOf(code).map(meant -> refusal.with("suggestion", meant)).orElse(refusal));
        }
        var result = market.index(code, call.caller().name());
        if (result instanceof CachedResult.Refused<IndexValue>(Refusal refusal)
                && refusal.code() == ErrorCode.SYMBOL_NOT_FOUND) {
            throw new RefusedException(unknownIndex(code));
        }
        var json = new JsonBuffer();
        write(json, code, requireFound(result));
        call.answer(json);
    }

    /** The code of the main index with the nearest name. */
    private static Optional<String> codeOf(String name) {
        return NearestWord.of(name, MAIN_INDICES.values())
                .flatMap(nearest -> MAIN_INDICES.entrySet().stream()
                        .filter(index -> index.getValue().equals(nearest))
                        .map(Map.Entry::getKey)
                        .findFirst());
    }

    private static Refusal unknownIndex(String code) {
        var meant = NearestWord.of(code, MAIN_INDICES.keySet());
        var refusal = Refusal.of(
                        ErrorCode.SYMBOL_NOT_FOUND,
                        "KIS has no index " + code + NearestWord.ending(code, MAIN_INDICES.keySet())
                                + " 0001 is KOSPI, 1001 KOSDAQ, 2001 KOSPI 200.")
                .with("code", code);
        return meant.map(it -> refusal.with("suggestion", it)).orElse(refusal);
    }

    private void indices(Call call) {
        var json = new JsonBuffer(2_048).beginObject().name("indices").beginArray();
        var refused = new LinkedHashMap<String, Refusal>();
        for (var code : MAIN_INDICES.keySet()) {
            switch (market.index(code, call.caller().name())) {
                case CachedResult.Found<IndexValue> found -> write(json, code, found);
                case CachedResult.Refused<IndexValue>(Refusal refusal) -> refused.put(code, refusal);
            }
        }
        if (refused.size() == MAIN_INDICES.size()) {
            throw new RefusedException(refused.firstEntry().getValue());
        }
        json.endArray().name("failed").beginArray();
        refused.forEach((code, refusal) -> json.beginObject()
                .field("code", code)
                .field("error", refusal.code().name())
                .endObject());
        call.answer(json.endArray().endObject());
    }

    private void write(JsonBuffer json, String code, CachedResult.Found<IndexValue> found) {
        var index = found.value();
        json.beginObject()
                .field("code", code)
                .field("name", Optional.ofNullable(MAIN_INDICES.get(code)))
                .field("value", index.value())
                .field("change", index.change())
                .field("change_pct", index.changePct());
        writeDecimal(json, "open", index.open());
        writeDecimal(json, "high", index.high());
        writeDecimal(json, "low", index.low());
        json.field("raw_volume", index.volume())
                .field("raw_turnover", index.turnover())
                .field("rising", index.rising())
                .field("at_upper_limit", index.atUpperLimit())
                .field("unchanged", index.unchanged())
                .field("falling", index.falling())
                .field("at_lower_limit", index.atLowerLimit());
        appendSource(json, found).endObject();
    }

    private void investors(Call call) {
        var instrument = listing.require(call.pathParameter("symbol"));
        call.caller().requireSymbol(instrument.symbol().code());
        var found =
                requireFound(market.investors(instrument.symbol(), call.caller().name()));
        var json = new JsonBuffer(16_384)
                .beginObject()
                .field("symbol", instrument.symbol().code())
                .field("name", instrument.name())
                .name("days")
                .beginArray();
        found.value().forEach(day -> write(json, day));
        call.answer(appendSource(json.endArray(), found).endObject());
    }

    private static void write(JsonBuffer json, InvestorsOfDay day) {
        json.beginObject()
                .field("date", day.date().toString())
                .field("close", day.close())
                .field("change", day.change());
        writeFlow(json, "persons", day.persons());
        writeFlow(json, "foreigners", day.foreigners());
        writeFlow(json, "institutions", day.institutions());
        json.endObject();
    }

    private static void writeFlow(JsonBuffer json, String group, Optional<Flow> investorFlow) {
        if (investorFlow.isEmpty()) {
            json.fieldNull(group);
            return;
        }
        var flow = investorFlow.get();
        json.name(group)
                .beginObject()
                .field("net_qty", flow.netQty())
                .field("net_amount", flow.netAmount())
                .field("bought_qty", flow.boughtQty())
                .field("bought_amount", flow.boughtAmount())
                .field("sold_qty", flow.soldQty())
                .field("sold_amount", flow.soldAmount())
                .endObject();
    }

    private void nav(Call call) {
        var instrument = listing.require(call.pathParameter("symbol"));
        var symbol = instrument.symbol();
        call.caller().requireSymbol(symbol.code());
        if (instrument.product() == Product.STOCK) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.INVALID_FIELD, symbol + " is a stock; only ETFs and ETNs have a net asset value.")
                    .with("field", "symbol"));
        }
        var found = requireFound(market.nav(symbol, call.caller().name()));
        var nav = found.value();
        var json = new JsonBuffer()
                .beginObject()
                .field("symbol", symbol.code())
                .field("name", instrument.name())
                .field("price", nav.price())
                .field("change", nav.change())
                .field("change_pct", nav.changePct())
                .field("volume", nav.volume())
                .field("nav", nav.nav())
                .field("nav_change", nav.navChange())
                .field("nav_change_pct", nav.navChangePct());
        writeDecimal(json, "previous_nav", nav.previousNav());
        writeDecimal(json, "deviation_pct", nav.deviationPct());
        writeDecimal(json, "tracking_error_pct", nav.trackingErrorPct());
        writeDecimal(json, "multiple", nav.multiple());
        json.field("shares", nav.shares()).field("components", nav.components());
        call.answer(appendSource(json, found).endObject());
    }

    private static void writeDecimal(JsonBuffer json, String name, Optional<BigDecimal> value) {
        json.field(name, value.orElse(null));
    }

    private static <V> CachedResult.Found<V> requireFound(CachedResult<V> result) {
        return switch (result) {
            case CachedResult.Found<V> found -> found;
            case CachedResult.Refused<V>(Refusal refusal) -> throw new RefusedException(refusal);
        };
    }

    /** Source and age. */
    private JsonBuffer appendSource(JsonBuffer json, CachedResult.Found<?> found) {
        long age = Math.max(0, Duration.between(found.at(), clock.instant()).toMillis());
        return json.field("source", (found.stale() ? Source.CACHE : Source.KIS_REST).wireName())
                .field("ts", found.at().getEpochSecond())
                .field("ts_ms", found.at().toEpochMilli())
                .fieldThousandths("freshness_sec", age)
                .field("state", (found.stale() ? State.STALE : State.HEALTHY).name());
    }
}
