package kr.kisgateway.gateway.marketwide;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.market.EtfNav;
import kr.kisgateway.api.market.Index;
import kr.kisgateway.api.market.Indices;
import kr.kisgateway.api.market.InvestorFlow;
import kr.kisgateway.api.market.Investors;
import kr.kisgateway.api.market.Ranking;
import kr.kisgateway.gateway.cache.Cached;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.CurrentListing;
import kr.kisgateway.gateway.json.ApiValues;
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

    /** Indices by size; those of industries have no name here. */
    private static final Map<String, String> FURTHER_INDICES = Map.of(
            "0002", "KOSPI Large Cap",
            "0003", "KOSPI Mid Cap",
            "0004", "KOSPI Small Cap",
            "1002", "KOSDAQ Large Cap",
            "1003", "KOSDAQ Mid Cap",
            "1004", "KOSDAQ Small Cap",
            "2007", "KOSPI100",
            "2008", "KOSPI50",
            "3003", "KOSDAQ150",
            "4001", "KRX100");

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
        var found = market.ranking(kind, call.caller().name()).orElseThrow();
        var age = age(found);
        call.answer(new Ranking(
                kind.wireName(),
                found.value().stream()
                        .filter(place ->
                                call.caller().mayReadSymbol(place.symbol().code()))
                        .limit(limit)
                        .map(MarketWideRoutes::answer)
                        .toList(),
                age.source(),
                age.ts(),
                age.tsMs(),
                age.freshnessSec(),
                age.state()));
    }

    private static Ranking.Place answer(Ranked place) {
        return new Ranking.Place(
                place.rank(),
                place.symbol().code(),
                place.name(),
                place.price(),
                place.change(),
                place.changePct(),
                place.volume(),
                place.turnover(),
                place.marketCap(),
                place.volumeGrowthPct(),
                place.turnoverRatePct());
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
        if (result instanceof Result.Refused<Cached<IndexValue>>(Refusal refusal)
                && refusal.code() == ErrorCode.SYMBOL_NOT_FOUND) {
            throw new RefusedException(unknownIndex(code));
        }
        call.answer(answer(code, result.orElseThrow()));
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
        var answered = new ArrayList<Index>();
        var refused = new LinkedHashMap<String, Refusal>();
        for (var code : MAIN_INDICES.keySet()) {
            switch (market.index(code, call.caller().name())) {
                case Result.Success<Cached<IndexValue>>(Cached<IndexValue> found) -> answered.add(answer(code, found));
                case Result.Refused<Cached<IndexValue>>(Refusal refusal) -> refused.put(code, refusal);
            }
        }
        if (refused.size() == MAIN_INDICES.size()) {
            throw new RefusedException(refused.firstEntry().getValue());
        }
        call.answer(new Indices(
                answered,
                refused.entrySet().stream()
                        .map(entry -> new Indices.Failure(
                                entry.getKey(), entry.getValue().code().name()))
                        .toList()));
    }

    private Index answer(String code, Cached<IndexValue> found) {
        var index = found.value();
        var age = age(found);
        return new Index(
                code,
                Optional.ofNullable(MAIN_INDICES.get(code)).or(() -> Optional.ofNullable(FURTHER_INDICES.get(code))),
                index.value(),
                index.change(),
                index.changePct(),
                index.open(),
                index.high(),
                index.low(),
                index.volume(),
                index.turnover(),
                index.rising(),
                index.atUpperLimit(),
                index.unchanged(),
                index.falling(),
                index.atLowerLimit(),
                age.source(),
                age.ts(),
                age.tsMs(),
                age.freshnessSec(),
                age.state());
    }

    private void investors(Call call) {
        var instrument = listing.require(call.pathParameter("symbol"));
        call.caller().requireSymbol(instrument.symbol().code());
        var found = market.investors(instrument.symbol(), call.caller().name()).orElseThrow();
        var age = age(found);
        call.answer(new Investors(
                instrument.symbol().code(),
                instrument.name(),
                found.value().stream().map(MarketWideRoutes::answer).toList(),
                age.source(),
                age.ts(),
                age.tsMs(),
                age.freshnessSec(),
                age.state()));
    }

    private static Investors.Day answer(InvestorsOfDay day) {
        return new Investors.Day(
                day.date(),
                day.close(),
                day.change(),
                day.persons().map(MarketWideRoutes::answer),
                day.foreigners().map(MarketWideRoutes::answer),
                day.institutions().map(MarketWideRoutes::answer));
    }

    private static InvestorFlow answer(Flow flow) {
        return new InvestorFlow(
                flow.netQty(),
                flow.netAmount(),
                flow.boughtQty(),
                flow.boughtAmount(),
                flow.soldQty(),
                flow.soldAmount());
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
        var found = market.nav(symbol, call.caller().name()).orElseThrow();
        var nav = found.value();
        var age = age(found);
        call.answer(new EtfNav(
                symbol.code(),
                instrument.name(),
                nav.price(),
                nav.change(),
                nav.changePct(),
                nav.volume(),
                nav.nav(),
                nav.navChange(),
                nav.navChangePct(),
                nav.previousNav(),
                nav.deviationPct(),
                nav.trackingErrorPct(),
                nav.multiple(),
                nav.shares(),
                nav.components(),
                age.source(),
                age.ts(),
                age.tsMs(),
                age.freshnessSec(),
                age.state()));
    }

    /** Source and age of an answer. */
    private record Age(String source, long ts, long tsMs, BigDecimal freshnessSec, String state) {}

    private Age age(Cached<?> found) {
        return new Age(
                (found.stale() ? Source.CACHE : Source.KIS_REST).wireName(),
                found.at().getEpochSecond(),
                found.at().toEpochMilli(),
                ApiValues.thousandths(Math.max(
                        0, Duration.between(found.at(), clock.instant()).toMillis())),
                (found.stale() ? State.STALE : State.HEALTHY).name());
    }
}
