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
public final class ListingKeeper implements AutoCloseable {
    static final Duration AGAIN = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger("gateway.instrument");

    /** The clock may be set: not to miss the time by more than this. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final LiveListing live;
    private final MasterSource source;
    private final RefreshPlan plan;
    private final InstantSource clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private Instant next = Instant.MIN;

    ListingKeeper(LiveListing live, MasterSource source, RefreshPlan plan, InstantSource clock) {
        this.live = live;
        this.source = source;
        this.plan = plan;
        this.clock = clock;
    }

    /** Begins to keep {@code live}; does not wait for anything. Closing ends it and {@code source}. */
    public static ListingKeeper started(LiveListing live, MasterSource source, RefreshPlan plan, InstantSource clock) {
        var keeper = new ListingKeeper(live, source, plan, clock);
        Thread.ofVirtual().name("listing-keeper").start(keeper::keep);
        return keeper;
    }

    private void keep() {
        try {
            takeKept();
            do {
                look();
            } while (!closing.await(untilNext().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            source.close();
        }
    }

    private Duration untilNext() {
        var wait = Duration.between(clock.instant(), next);
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.isNegative() ? Duration.ZERO : wait;
    }

    /** The copies on disk, so that a restart without a network lists what was listed before it. */
    void takeKept() {
        live.swap(live.now().withKept(source));
    }

    /** Renews the listing when that is due. */
    void look() {
        if (clock.instant().isBefore(next)) {
            return;
        }
        try {
            renew();
        } catch (RuntimeException e) {
            // A defect of a reader, or a list that is too long to be true: what holds is better than nobody keeping it.
            next = clock.instant().plus(AGAIN);
            LOG.error("listing_not_taken next={}", next, e);
        }
    }

    private void renew() {
        var listing = live.now();
        var troubled = new ArrayList<ListingMarket>();
        for (var market : ListingMarket.values()) {
            if (closing.getCount() == 0) {
                return;
            }
            switch (source.newest(market)) {
                case MasterSource.Newest.Got(var newest) -> {
                    listing = listing.with(newest);
                    if (newest.trouble().isPresent()) {
                        troubled.add(market);
                    }
                }
                case MasterSource.Newest.Nothing(var why) -> {
                    troubled.add(market);
                    listing = listing.with(listing.market(market).troubledBy(why));
                }
            }
        }
        live.swap(listing);
        var now = clock.instant();
        next = troubled.isEmpty() ? plan.after(now) : now.plus(AGAIN);
        LOG.info(
                "listing_renewed instruments={} troubled={} next={}",
                listing.all().size(),
                troubled,
                next);
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
