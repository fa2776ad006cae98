package kr.kisgateway.gateway.history;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;
import kr.kisgateway.gateway.batch.BatchKind;
import kr.kisgateway.gateway.batch.BatchKind.Told;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.history.BarOutcome.Known;
import kr.kisgateway.gateway.history.BarOutcome.Refused;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Lookup;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;

/** The same bars of thousands of symbols. */
public final class BarBatch {
    /** How long the bars of one symbol may take: the calls for them wait in the last lane. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Function<String, Lookup> listing;
    private final BarService bars;
    private final UsBarService american;
    private final IntSupplier callsPerSecond;

    /**
     * @param listing finds what is listed
     * @param callsPerSecond to KIS, while nobody else asks
     */
    public BarBatch(
            Function<String, Lookup> listing, BarService bars, UsBarService american, IntSupplier callsPerSecond) {
        this.listing = listing;
        this.bars = bars;
        this.american = american;
        this.callsPerSecond = callsPerSecond;
    }

    /** A page of one symbol. */
    sealed interface Page {
        record Korean(Symbol symbol, Known known) implements Page {}

        record American(UsSymbol symbol, UsBarOutcome.Known known) implements Page {}
    }

    /** The same question as the clock of a country understands it. */
    sealed interface Like {
        record Query(BarQuery query) implements Like {}

        /** There it makes no sense. */
        record No(Refusal refusal) implements Like {}
    }

    /**
     * A batch of {@code tenant}.
     *
     * @param like which bars of each
     * @param there the same by New York's clock
     */
    BatchKind<Page> of(BarQuery like, Like there, String tenant) {
        return new BatchKind<>() {
            @Override
            public Look<Page> look(String text) {
                return switch (listing.apply(text)) {
                    case Lookup.Unknown(Refusal refusal) -> new Look.AtHand<>(new Told.Refused<>(refusal));
                    case Lookup.Found(Listed listed) -> look(listed);
                };
            }

            private Look<Page> look(Listed listed) {
                return switch (listed) {
                    case Listed.Korean korean ->
                        look(
                                listed,
                                bars.atHand(korean.instrument(), like)
                                        .map(page -> page(korean.instrument().symbol(), page)));
                    case Listed.Us us ->
                        switch (there) {
                            case Like.No(Refusal refusal) -> new Look.AtHand<>(new Told.Refused<>(refusal));
                            case Like.Query(BarQuery query) ->
                                look(listed, american.atHand(us.symbol(), query).map(page -> page(us.symbol(), page)));
                        };
                };
            }

            private Look<Page> look(Listed listed, Optional<Page> known) {
                return known.<Look<Page>>map(page -> new Look.AtHand<>(new Told.Known<>(page)))
                        .orElseGet(() -> new Look.ToAsk<>(listed));
            }

            @Override
            public int most(Listed listed) {
                return 1;
            }

            @Override
            public int calls(List<Listed> group) {
                return group.getFirst() instanceof Listed.Us && there instanceof Like.Query(BarQuery query)
                        ? american.expectedCalls(query)
                        : bars.expectedCalls(like);
            }

            @Override
            public int callsPerSecond() {
                return callsPerSecond.getAsInt();
            }

            @Override
            public Map<MarketSymbol, Told<Page>> ask(List<Listed> group) {
                var listed = group.getFirst();
                return Map.of(
                        listed.symbol(),
                        switch (listed) {
                            case Listed.Korean korean -> korean(korean.instrument(), like, tenant);
                            case Listed.Us us -> american(us.symbol(), there, tenant);
                        });
            }
        };
    }

    private Told<Page> korean(Instrument instrument, BarQuery query, String tenant) {
        return switch (bars.bars(instrument, query, tenant, PATIENCE)) {
            case Known known -> new Told.Known<>(page(instrument.symbol(), known));
            case Refused(Refusal refusal) -> new Told.Refused<>(refusal);
        };
    }

    private Told<Page> american(UsSymbol symbol, Like there, String tenant) {
        return switch (there) {
            case Like.No(Refusal refusal) -> new Told.Refused<>(refusal);
            case Like.Query(BarQuery query) ->
                switch (american.bars(symbol, query, tenant, PATIENCE)) {
                    case UsBarOutcome.Known known -> new Told.Known<>(page(symbol, known));
                    case UsBarOutcome.Refused(Refusal refusal) -> new Told.Refused<>(refusal);
                };
        };
    }

    private static Page page(Symbol symbol, Known known) {
        return new Page.Korean(symbol, known);
    }

    private static Page page(UsSymbol symbol, UsBarOutcome.Known known) {
        return new Page.American(symbol, known);
    }
}
