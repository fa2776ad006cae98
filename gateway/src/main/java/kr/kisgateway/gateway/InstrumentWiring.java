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

/** Makes the listing and whoever keeps it new. */
final class InstrumentWiring {
    /** Where master files lie in the data folder. */
    static final String FOLDER = "master";

    private InstrumentWiring() {}

    /**
     * The listing, at first the one that comes with the program; it is renewed behind the start's back.
     *
     * @param folder where master files are kept
     * @param seed of the jitter
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
        // Not for the start to wait for, and not for the first who searches.
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
     * What a gateway on this disk lists, without asking anybody.
     *
     * @param folder where master files are kept, which need not exist
     */
    static CurrentListing cachedListing(Path folder, InstantSource clock) {
        var nxt = NxtListing.load();
        var shipped = ShippedListing.of(Instruments.load(), nxt, UsListing.load());
        try (var masters = KisMasters.open(Optional.empty(), folder, LocalTime.MIDNIGHT, shipped, nxt, clock)) {
            return new CurrentListing(shipped.withCached(masters));
        }
    }
}
