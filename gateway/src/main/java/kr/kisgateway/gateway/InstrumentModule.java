package kr.kisgateway.gateway;

import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalTime;
import java.util.Optional;
import java.util.SplittableRandom;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.instrument.CurrentListing;
import kr.kisgateway.gateway.instrument.ListingRefresher;
import kr.kisgateway.gateway.instrument.RefreshPlan;
import kr.kisgateway.gateway.instrument.ShippedListing;
import kr.kisgateway.gateway.kis.rest.KisMasters;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.NxtListing;

/**
 * The listing of tradable instruments and its refresh.
 *
 * @param listing initially the shipped one; refreshed in the background after the start
 */
record InstrumentModule(CurrentListing listing) {
    /** Folder of master files in the data folder. */
    static final String FOLDER = "master";

    static InstrumentModule open(Platform platform) {
        var settings = platform.settings().instruments();
        var nxt = NxtListing.load();
        var shipped = ShippedListing.of(Instruments.load(), nxt, platform.markets());
        var listing = new CurrentListing(shipped, platform.markets());
        // Built in the background: neither the start nor the first search waits for it.
        Thread.ofVirtual().name("listing-index").start(shipped::index);
        if (settings.downloads()) {
            var jitter = new SplittableRandom(platform.random().nextLong());
            platform.parts()
                    .add(ListingRefresher.start(
                            listing,
                            KisMasters.open(
                                    settings.masterUrl(),
                                    platform.data().file(FOLDER),
                                    settings.refreshAt(),
                                    shipped,
                                    nxt,
                                    platform.clock()),
                            new RefreshPlan(settings.refreshAt(), platform.calendar(), jitter),
                            platform.clock(),
                            new AlertSource(platform.alerts(), AlertEvent.LISTING_REFUSED, platform.clock()),
                            platform.tasks()));
        }
        return new InstrumentModule(listing);
    }

    /**
     * The listing from this disk, without a request to KIS.
     *
     * @param folder folder of the master files; need not exist
     */
    static CurrentListing cachedListing(Path folder, InstantSource clock) {
        var nxt = NxtListing.load();
        var markets = Markets.standard();
        var shipped = ShippedListing.of(Instruments.load(), nxt, markets);
        try (var masters = KisMasters.open(Optional.empty(), folder, LocalTime.MIDNIGHT, shipped, nxt, clock)) {
            return new CurrentListing(shipped.withCached(masters), markets);
        }
    }
}
