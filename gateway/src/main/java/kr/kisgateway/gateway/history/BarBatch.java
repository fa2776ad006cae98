package kr.kisgateway.gateway.history;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;
import kr.kisgateway.gateway.batch.BatchKind;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Lookup;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.UsSymbol;

/** Batch requests for the same bars of thousands of symbols. */
public final class BarBatch {
    /** How long the bars of one symbol may take: their calls wait in the last lane. */
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private final Function<String, Lookup> listing;
    private final BarService bars;
    private final UsBarService usBars;
    private final IntSupplier callsPerSecond;

    /**
     * @param listing finds listed instruments
     * @param callsPerSecond to KIS, without other traffic
     */
    public BarBatch(
            Function<String, Lookup> listing, BarService bars, UsBarService usBars, IntSupplier callsPerSecond) {
        this.listing = listing;
        this.bars = bars;
        this.usBars = usBars;
        this.callsPerSecond = callsPerSecond;
    }

    /** A page of one symbol. */
    record Page(MarketSymbol symbol, BarPage bars) {}

    /**
     * A batch for {@code tenant}.
     *
     * @param koreanQuery the bars of each Korean symbol
     * @param usQuery the same in New York time, or why it is invalid there
     */
    BatchKind<Page> batchFor(BarQuery koreanQuery, Result<BarQuery> usQuery, String tenant) {
        return new BatchKind<>() {
            @Override
            public Resolution<Page> resolve(String text) {
                return switch (listing.apply(text)) {
                    case Lookup.Unknown(Refusal refusal) -> new Resolution.Immediate<>(Result.refused(refusal));
                    case Lookup.Found(Listed listed) -> resolve(listed);
                };
            }

            private Resolution<Page> resolve(Listed listed) {
                return switch (listed) {
                    case Listed.Korean korean ->
                        resolve(
                                listed,
                                bars.findCached(korean.instrument(), koreanQuery)
                                        .map(page ->
                                                new Page(korean.instrument().symbol(), page)));
                    case Listed.Us us ->
                        switch (usQuery) {
                            case Result.Refused<BarQuery>(Refusal refusal) ->
                                new Resolution.Immediate<>(Result.refused(refusal));
                            case Result.Success<BarQuery>(BarQuery query) ->
                                resolve(
                                        listed,
                                        usBars.findCached(us.symbol(), query).map(page -> new Page(us.symbol(), page)));
                        };
                };
            }

            private Resolution<Page> resolve(Listed listed, Optional<Page> found) {
                return found.<Resolution<Page>>map(page -> new Resolution.Immediate<>(Result.success(page)))
                        .orElseGet(() -> new Resolution.CallNeeded<>(listed));
            }

            @Override
            public int groupSizeMax(Listed listed) {
                return 1;
            }

            @Override
            public int calls(List<Listed> group) {
                return group.getFirst() instanceof Listed.Us
                                && usQuery instanceof Result.Success<BarQuery>(BarQuery query)
                        ? usBars.expectedCalls(query)
                        : bars.expectedCalls(koreanQuery);
            }

            @Override
            public int callsPerSecond() {
                return callsPerSecond.getAsInt();
            }

            @Override
            public Map<MarketSymbol, Result<Page>> request(List<Listed> group) {
                var listed = group.getFirst();
                return Map.of(
                        listed.symbol(),
                        switch (listed) {
                            case Listed.Korean korean -> koreanBars(korean.instrument(), koreanQuery, tenant);
                            case Listed.Us us -> usBars(us.symbol(), usQuery, tenant);
                        });
            }
        };
    }

    private Result<Page> koreanBars(Instrument instrument, BarQuery query, String tenant) {
        return bars.bars(instrument, query, tenant, WAIT_MAX).map(page -> new Page(instrument.symbol(), page));
    }

    private Result<Page> usBars(UsSymbol symbol, Result<BarQuery> usQuery, String tenant) {
        return usQuery.flatMap(query -> usBars.bars(symbol, query, tenant, WAIT_MAX))
                .map(page -> new Page(symbol, page));
    }
}
