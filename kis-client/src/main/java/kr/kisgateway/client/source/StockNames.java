package kr.kisgateway.client.source;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.client.master.MasterCopy;
import kr.kisgateway.client.master.MasterFile;
import kr.kisgateway.client.master.MasterFiles;
import kr.kisgateway.client.master.MasterReply;
import kr.kisgateway.client.master.StockListing;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.Symbol;

/** Korean names of listed stocks: KIS's price answer has none. */
public interface StockNames extends AutoCloseable {
    /** The name of {@code symbol}; empty when the list has no such symbol. */
    Optional<String> of(Symbol symbol);

    @Override
    default void close() {}

    /** The list that this library ships, without a network. */
    static StockNames shipped() {
        Instruments listing = Instruments.load();
        return symbol -> listing.find(symbol).map(Instrument::name);
    }

    /**
     * The broker's master files, which the first request of a day downloads and which are closed with these names; the shipped
     * list where they have no name.
     */
    static StockNames of(MasterFiles files) {
        return new MasterFileNames(files, shipped());
    }

    /** Names by the copies of the master files, each read once. */
    final class MasterFileNames implements StockNames {
        private static final List<MasterFile> FILES = List.of(MasterFile.KOSPI, MasterFile.KOSDAQ, MasterFile.KONEX);

        private record Names(Instant fetchedAt, Map<String, String> byCode) {}

        private final MasterFiles files;
        private final StockNames fallback;
        private final Map<MasterFile, Names> cachedNames = new ConcurrentHashMap<>();

        private MasterFileNames(MasterFiles files, StockNames fallback) {
            this.files = files;
            this.fallback = fallback;
        }

        @Override
        public Optional<String> of(Symbol symbol) {
            return FILES.stream()
                    .flatMap(file -> names(file).stream())
                    .flatMap(names -> Optional.ofNullable(names.get(symbol.code())).stream())
                    .findFirst()
                    .or(() -> fallback.of(symbol));
        }

        private Optional<Map<String, String>> names(MasterFile file) {
            return switch (files.get(file)) {
                case MasterReply.Ok(MasterCopy copy) -> {
                    Names names = cachedNames.get(file);
                    if (names == null || !names.fetchedAt().equals(copy.fetchedAt())) {
                        var byCode = new HashMap<String, String>();
                        for (StockListing stock : copy.table().stocks()) {
                            byCode.put(stock.code(), stock.name());
                        }
                        names = new Names(copy.fetchedAt(), Map.copyOf(byCode));
                        cachedNames.put(file, names);
                    }
                    yield Optional.of(names.byCode());
                }
                case MasterReply.Failed _ -> Optional.empty();
            };
        }

        @Override
        public void close() {
            files.close();
        }
    }
}
