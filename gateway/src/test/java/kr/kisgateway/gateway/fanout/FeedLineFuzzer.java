package kr.kisgateway.gateway.fanout;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.market.MarketSymbol;

/** Any line of another gateway of the cluster is a value, which is written and read as the same, or is none. */
public final class FeedLineFuzzer {
    private FeedLineFuzzer() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        String line = new String(input, StandardCharsets.UTF_8);
        FeedRequest.read(line, (code, _) -> Lookups.shipped().apply(code).map(Listed::symbol))
                .ifPresent(request -> requireEqual(
                        Optional.of(request.text()),
                        FeedRequest.read(
                                        request.text(),
                                        (code, _) ->
                                                Lookups.shipped().apply(code).map(Listed::symbol))
                                .map(FeedRequest::text)));
        Optional<FeedLine> read;
        try {
            read = FeedLine.read(line, FeedLineFuzzer::symbol);
        } catch (RuntimeException e) {
            return; // as declared, for a line that is none
        }
        read.ifPresent(it -> requireEqual(
                Optional.of(it.text()),
                FeedLine.read(it.text(), FeedLineFuzzer::symbol).map(FeedLine::text)));
    }

    private static Optional<MarketSymbol> symbol(String code) {
        return switch (Lookups.shipped().apply(code)) {
            case Result.Success<Listed>(Listed listed) -> Optional.of(listed.symbol());
            case Result.Refused<Listed> _ -> Optional.empty();
        };
    }

    private static void requireEqual(Optional<String> line, Optional<String> again) {
        if (!line.equals(again)) {
            throw new IllegalStateException(line + " is read as " + again);
        }
    }
}
