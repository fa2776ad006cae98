package kr.kisgateway.gateway.instrument;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.task.TaskRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refreshes the listing on a thread of its own: first from the cached copies, then from today's files, then by the
 * plan. A file that is unavailable or implausible is requested again ten minutes later; until then the last good list of its
 * market is valid. The complete listing is replaced at once.
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
    private final AlertSource alerts;
    private volatile boolean closing;
    private volatile Optional<TaskRunner.Task> task = Optional.empty();
    /** Whether the copies on disk were loaded; for the task's thread. */
    private boolean loaded;

    private Instant next = Instant.MIN;
    /** Markets whose newest list was refused; for the task's thread. */
    private final Set<ListingMarket> refused = new HashSet<>();

    ListingRefresher(
            CurrentListing current,
            MasterFileSource source,
            RefreshPlan plan,
            InstantSource clock,
            AlertSource alerts) {
        this.current = current;
        this.source = source;
        this.plan = plan;
        this.clock = clock;
        this.alerts = alerts;
    }

    /** Starts refreshing {@code current} and returns at once. Closing ends it and closes {@code source}. */
    public static ListingRefresher start(
            CurrentListing current,
            MasterFileSource source,
            RefreshPlan plan,
            InstantSource clock,
            AlertSource alerts,
            TaskRunner tasks) {
        var refresher = new ListingRefresher(current, source, plan, clock, alerts);
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
                    var accepted = accepted(newest, listing.market(market));
                    listing = listing.with(accepted);
                    if (accepted.staleReason().isPresent()) {
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

    /** The newest list of a market, or the present one when that cannot follow it. */
    private MarketListing accepted(MarketListing newest, MarketListing present) {
        var market = newest.market();
        if (newest.canFollow(present)) {
            if (refused.remove(market)) {
                alerts.settle(market.name());
            }
            return newest;
        }
        var reason = "the master file of " + market + " has " + newest.lines().size()
                + " instruments, hardly one of which is in the present list; that stays";
        if (refused.add(market)) {
            alerts.raise(
                    market.name(),
                    reason + ". It is requested again every ten minutes; should the broker have replaced its codes,"
                            + " update the gateway.");
        }
        return present.withStaleReason(reason);
    }

    @Override
    public void close() {
        closing = true;
        task.ifPresent(TaskRunner.Task::close);
    }
}
