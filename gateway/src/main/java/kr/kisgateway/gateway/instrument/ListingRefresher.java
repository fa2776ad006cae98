package kr.kisgateway.gateway.instrument;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;
import kr.kisgateway.gateway.task.TaskRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refreshes the listing on a thread of its own: first from the cached copies, then from today's files, then by the
 * plan. A file that is unavailable is requested again ten minutes later; until then the last good list of its market is
 * valid. The complete listing is replaced at once.
 */
public final class ListingRefresher implements AutoCloseable {
    static final Duration RETRY_INTERVAL = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger("gateway.instrument");

    /** Bounds the delay after a clock change. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(1);

    private final CurrentListing current;
    private final MasterFileSource source;
    private final RefreshPlan plan;
    private final InstantSource clock;
    private volatile boolean closing;
    private volatile Optional<TaskRunner.Task> task = Optional.empty();
    /** Whether the copies on disk were loaded; for the task's thread. */
    private boolean loaded;

    private Instant next = Instant.MIN;

    ListingRefresher(CurrentListing current, MasterFileSource source, RefreshPlan plan, InstantSource clock) {
        this.current = current;
        this.source = source;
        this.plan = plan;
        this.clock = clock;
    }

    /** Starts refreshing {@code current} and returns at once. Closing ends it and closes {@code source}. */
    public static ListingRefresher start(
            CurrentListing current, MasterFileSource source, RefreshPlan plan, InstantSource clock, TaskRunner tasks) {
        var refresher = new ListingRefresher(current, source, plan, clock);
        refresher.task = Optional.of(
                tasks.repeat("listing-keeper", Duration.ZERO, refresher::loadCachedOrRefresh, source::close));
        return refresher;
    }

    private Duration loadCachedOrRefresh() {
        if (!loaded) {
            loaded = true;
            loadCached();
        }
        refreshIfDue();
        return untilNext();
    }

    private Duration untilNext() {
        var wait = Duration.between(clock.instant(), next);
        return wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait.isNegative() ? Duration.ZERO : wait;
    }

    /** Loads the copies on disk, so that a restart without a network has the previous listing. */
    void loadCached() {
        current.replace(current.current().withCached(source));
    }

    /** Refreshes the listing when that is due. */
    void refreshIfDue() {
        if (clock.instant().isBefore(next)) {
            return;
        }
        try {
            refresh();
        } catch (RuntimeException e) {
            // A defect of a parser, or an implausibly long list: the current listing stays, and the thread must
            // survive.
            next = clock.instant().plus(RETRY_INTERVAL);
            LOG.error("listing_rejected next={}", next, e);
        }
    }

    private void refresh() {
        var listing = current.current();
        var failedMarkets = new ArrayList<ListingMarket>();
        for (var market : source.markets()) {
            if (closing) {
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
                "listing_refreshed instruments={} stale={} next={}",
                listing.all().size(),
                failedMarkets,
                next);
    }

    @Override
    public void close() {
        closing = true;
        task.ifPresent(TaskRunner.Task::close);
    }
}
