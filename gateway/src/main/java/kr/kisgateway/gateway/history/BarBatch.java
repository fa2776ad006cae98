package kr.kisgateway.gateway.history;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntSupplier;
import kr.kisgateway.gateway.batch.BatchKind;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.history.BarOutcome.Known;
import kr.kisgateway.gateway.history.BarOutcome.Refused;
import kr.kisgateway.gateway.instrument.Lookup;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Symbol;

/** The same bars of thousands of symbols. */
public final class BarBatch {
    /** How long the bars of one symbol may take: the calls for them wait in the last lane. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Function<String, Lookup> listing;
    private final BarService bars;
    private final IntSupplier callsPerSecond;

    /**
     * @param listing finds what is listed
     * @param callsPerSecond to KIS, while nobody else asks
     */
    public BarBatch(Function<String, Lookup> listing, BarService bars, IntSupplier callsPerSecond) {
        this.listing = listing;
        this.bars = bars;
        this.callsPerSecond = callsPerSecond;
    }

    /** A page of one symbol. */
    record Page(Symbol symbol, Known known) {}

    /**
     * A batch of {@code tenant}.
     *
     * @param like which bars of each
     */
    BatchKind<Page> of(BarQuery like, String tenant) {
        return new BatchKind<>() {
            @Override
            public Look<Page> look(String text) {
                return switch (listing.apply(text).koreanOrRefusal()) {
                    case Lookup.KoreanOnly.No(Refusal refusal) -> new Look.AtHand<>(new Told.Refused<>(refusal));
                    case Lookup.KoreanOnly.Yes(Instrument instrument) -> {
                        yield bars.atHand(instrument, like)
                                .<Look<Page>>map(known ->
                                        new Look.AtHand<>(new Told.Known<>(new Page(instrument.symbol(), known))))
                                .orElseGet(() -> new Look.ToAsk<>(instrument));
                    }
                };
            }

            @Override
            public int most() {
                return 1;
            }

            @Override
            public int calls(List<Instrument> group) {
                return bars.expectedCalls(like);
            }

            @Override
            public int callsPerSecond() {
                return callsPerSecond.getAsInt();
            }

            @Override
            public Map<Symbol, Told<Page>> ask(List<Instrument> group) {
                var instrument = group.getFirst();
                return Map.of(
                        instrument.symbol(),
                        switch (bars.bars(instrument, like, tenant, PATIENCE)) {
                            case Known known -> new Told.Known<>(new Page(instrument.symbol(), known));
                            case Refused(Refusal refusal) -> new Told.Refused<>(refusal);
                        });
            }
        };
    }
}
