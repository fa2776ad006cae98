package kr.kisgateway.gateway.instrument;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the listing new on a thread of its own: first by the copies that were kept, then by today's files, then by the plan. A
 * file that cannot be had is asked for again ten minutes later; until then the last good list of its market holds. The whole
 * listing is swapped at once.
 */
public final class ListingRefresher implements AutoCloseable {
    static final Duration RETRY_INTERVAL = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger("gateway.instrument");

    /** The clock may be set: not to miss the time by more than this. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(1);

    private final CurrentListing current;
    private final MasterFileSource source;
    private final RefreshPlan plan;
    private final InstantSource clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private Instant next = Instant.MIN;

    ListingRefresher(CurrentListing current, MasterFileSource source, RefreshPlan plan, InstantSource clock) {
        this.current = current;
        this.source = source;
        this.plan = plan;
        this.clock = clock;
    }

    /** Begins to keep {@code live}; does not wait for anything. Closing ends it and {@code source}. */
    public static ListingRefresher start(
            CurrentListing current, MasterFileSource source, RefreshPlan plan, InstantSource clock) {
        var refresher = new ListingRefresher(current, source, plan, clock);
        Thread.ofVirtual().name("listing-keeper").start(refresher::run);
        return refresher;
    }

    private void run() {
        try {
            loadCached();
            do {
                refreshIfDue();
            } while (!closing.await(untilNext().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            source.close();
        }
    }

    private Duration untilNext() {
        var wait = Duration.between(clock.instant(), next);
        return wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait.isNegative() ? Duration.ZERO : wait;
    }

    /** The copies on disk, so that a restart without a network lists what was listed before it. */
    void loadCached() {
        current.replace(current.current().withCached(source));
    }

    /** Renews the listing when that is due. */
    void refreshIfDue() {
        if (clock.instant().isBefore(next)) {
            return;
        }
        try {
            refresh();
        } catch (RuntimeException e) {
            // A defect of a reader, or a list that is too long to be true: what holds is better than nobody keeping it.
            next = clock.instant().plus(RETRY_INTERVAL);
            LOG.error("listing_not_taken next={}", next, e);
        }
    }

    private void refresh() {
        var listing = current.current();
        var failedMarkets = new ArrayList<ListingMarket>();
        for (var market : ListingMarket.values()) {
            if (closing.getCount() == 0) {
                return;
            }
            switch (source.newest(market)) {
                case MasterFileSource.Newest.Available(var newest) -> {
                    listing = listing.with(newest);
                    if (newest.staleReason().isPresent()) {
                        failedMarkets.add(market);
                    }
                }
                case MasterFileSource.Newest.Unavailable(var reason) -> {
                    failedMarkets.add(market);
                    listing = listing.with(listing.market(market).withStaleReason(reason));
                }
            }
        }
        current.replace(listing);
        var now = clock.instant();
        next = failedMarkets.isEmpty() ? plan.after(now) : now.plus(RETRY_INTERVAL);
        LOG.info(
                "listing_renewed instruments={} troubled={} next={}",
                listing.all().size(),
                failedMarkets,
                next);
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
