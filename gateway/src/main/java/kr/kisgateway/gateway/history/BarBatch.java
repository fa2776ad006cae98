package kr.kisgateway.gateway.history;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntSupplier;
import kr.kisgateway.gateway.batch.BatchKind;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PerMarket;

/** Batch requests for the same bars of thousands of symbols. */
public final class BarBatch {
    /** How long the bars of one symbol may take: their calls wait in the last lane. */
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private final Function<String, Result<Listed>> listing;
    private final PerMarket<BarService> bars;
    private final IntSupplier callsPerSecond;

    /**
     * @param listing finds listed instruments
     * @param callsPerSecond to KIS, without other traffic
     */
    public BarBatch(Function<String, Result<Listed>> listing, PerMarket<BarService> bars, IntSupplier callsPerSecond) {
        this.listing = listing;
        this.bars = bars;
        this.callsPerSecond = callsPerSecond;
    }

    /** A page of one symbol. */
    record Page(MarketSymbol symbol, BarPage bars) {}

    /**
     * A batch for {@code tenant}.
     *
     * @param queries the bars of each symbol of a market by its clock, or why the query is invalid there
     */
    BatchKind<Page> batchFor(PerMarket<Result<BarQuery>> queries, String tenant) {
        return new BatchKind<>() {
            @Override
            public Resolution<Page> resolve(String text) {
                return switch (listing.apply(text)) {
                    case Result.Refused<Listed>(Refusal refusal) -> new Resolution.Immediate<>(Result.refused(refusal));
                    case Result.Success<Listed>(Listed listed) -> resolve(listed);
                };
            }

            private Resolution<Page> resolve(Listed listed) {
                return switch (query(listed)) {
                    case Result.Refused<BarQuery>(Refusal refusal) ->
                        new Resolution.Immediate<>(Result.refused(refusal));
                    case Result.Success<BarQuery>(BarQuery query) ->
                        bars.of(listed.symbol())
                                .findCached(listed.symbol(), query)
                                .<Resolution<Page>>map(page ->
                                        new Resolution.Immediate<>(Result.success(new Page(listed.symbol(), page))))
                                .orElseGet(() -> new Resolution.CallNeeded<>(listed));
                };
            }

            private Result<BarQuery> query(Listed listed) {
                return queries.of(listed.symbol());
            }

            @Override
            public int groupSizeMax(Listed listed) {
                return 1;
            }

            @Override
            public int calls(List<Listed> group) {
                var listed = group.getFirst();
                var service = bars.of(listed.symbol());
                return query(listed).map(service::expectedCalls).toOptional().orElse(0);
            }

            @Override
            public int callsPerSecond() {
                return callsPerSecond.getAsInt();
            }

            @Override
            public Map<MarketSymbol, Result<Page>> request(List<Listed> group) {
                var listed = group.getFirst();
                var symbol = listed.symbol();
                return Map.of(
                        symbol,
                        query(listed)
                                .flatMap(query -> bars.of(symbol).bars(symbol, query, tenant, WAIT_MAX))
                                .map(page -> new Page(symbol, page)));
            }
        };
    }
}
