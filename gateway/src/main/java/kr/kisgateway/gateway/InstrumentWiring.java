package kr.kisgateway.gateway;

import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalTime;
import java.util.Optional;
import java.util.SplittableRandom;
import kr.kisgateway.gateway.instrument.CurrentListing;
import kr.kisgateway.gateway.instrument.ListingRefresher;
import kr.kisgateway.gateway.instrument.RefreshPlan;
import kr.kisgateway.gateway.instrument.ShippedListing;
import kr.kisgateway.gateway.kis.KisMasters;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.NxtListing;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsListing;

/** Builds the instrument listing and its refresh. */
final class InstrumentWiring {
    /** Folder of master files in the data folder. */
    static final String FOLDER = "master";

    private InstrumentWiring() {}

    /**
     * The listing, initially the shipped one; refreshed in the background after the start.
     *
     * @param folder folder of the master files
     * @param seed seed of the jitter
     */
    static CurrentListing listing(
            Settings.Instruments settings,
            Path folder,
            TradingCalendar calendar,
            InstantSource clock,
            long seed,
            Parts parts) {
        var nxt = NxtListing.load();
        var shipped = ShippedListing.of(Instruments.load(), nxt, UsListing.load());
        var currentListing = new CurrentListing(shipped);
        // Built in the background: neither the start nor the first search waits for it.
        Thread.ofVirtual().name("listing-index").start(shipped::index);
        if (settings.downloads()) {
            parts.add(ListingRefresher.start(
                    currentListing,
                    KisMasters.open(settings.masterUrl(), folder, settings.refreshAt(), shipped, nxt, clock),
                    new RefreshPlan(settings.refreshAt(), calendar, new SplittableRandom(seed)),
                    clock));
        }
        return currentListing;
    }

    /**
     * The listing from this disk, without a request to KIS.
     *
     * @param folder folder of the master files; need not exist
     */
    static CurrentListing cachedListing(Path folder, InstantSource clock) {
        var nxt = NxtListing.load();
        var shipped = ShippedListing.of(Instruments.load(), nxt, UsListing.load());
        try (var masters = KisMasters.open(Optional.empty(), folder, LocalTime.MIDNIGHT, shipped, nxt, clock)) {
            return new CurrentListing(shipped.withCached(masters));
        }
    }
}
