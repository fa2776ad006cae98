package kr.kisgateway.gateway.warm;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.job.JobKind;
import kr.kisgateway.gateway.settings.Settings.WarmupType;

/** The warm-up job. Fetched data stays in memory, so there is nothing to settle; after a restart the remaining units run. */
public final class WarmupJob implements JobKind {
    static final String NAME = "warm";

    /** How long a call may wait behind all other requests. */
    private static final Duration QUEUE_WAIT_MAX = Duration.ofSeconds(60);

    /** With pauses of half a minute together: an open breaker must not leave all caches cold for the day. */
    private static final int ATTEMPTS_MAX = 6;

    private final Map<WarmupType, Fetcher> fetchers;
    private final Function<String, Result<Listed>> listing;

    /** Caches one type of data of an instrument. */
    @FunctionalInterface
    public interface Fetcher {
        /**
         * Blocks for at most {@code queueWaitMax}.
         *
         * @return the refusal when the data could not be cached; otherwise empty
         */
        Optional<Refusal> fetch(Listed listed, String tenant, Duration queueWaitMax);
    }

    /** @param fetchers one for each type */
    public WarmupJob(Map<WarmupType, Fetcher> fetchers, Function<String, Result<Listed>> listing) {
        this.fetchers = Map.copyOf(fetchers);
        this.listing = listing;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Enough that the last lane never idles for lack of requests. */
    @Override
    public int concurrentUnits() {
        return 8;
    }

    @Override
    public int unitsPerSettlement() {
        return 100;
    }

    @Override
    public boolean reportsParts() {
        return true;
    }

    @Override
    public Outcome run(Run run, String name) {
        var unit = WarmupRequest.unit(name);
        return switch (listing.apply(unit.code())) {
            case Result.Refused<Listed> _ ->
                new Outcome.Failed("SYMBOL_NOT_FOUND", "No market lists " + unit.code() + " any longer.");
            case Result.Success<Listed>(Listed listed) -> run(run, unit, listed);
        };
    }

    private Outcome run(Run run, WarmupRequest.Unit unit, Listed listed) {
        var fetcher = Optional.ofNullable(fetchers.get(unit.type())).orElseThrow();
        Duration pause = Duration.ofSeconds(1);
        for (int attempt = 1; !run.isStopped(); attempt++) {
            // A tenant of its own: requests for charts take turns with it.
            Optional<Refusal> refusal = fetcher.fetch(listed, "job:" + run.tenant(), QUEUE_WAIT_MAX);
            if (refusal.isEmpty()) {
                return new Outcome.Done(Optional.empty());
            }
            if (!refusal.get().code().retryable() || attempt == ATTEMPTS_MAX) {
                return new Outcome.Failed(
                        refusal.get().code().name(), refusal.get().message());
            }
            run.pause(pause);
            pause = pause.multipliedBy(2);
        }
        return new Outcome.Stopped();
    }

    @Override
    public Map<String, String> settle(Run run, List<String> units) {
        return Map.of(); // the caches have the data
    }

    @Override
    public void onEnded(Run run) {
        // nothing to clean up
    }
}
