package kr.kisgateway.gateway.warm;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.job.JobRunner;
import kr.kisgateway.gateway.job.JobRunner.JobStatus;
import kr.kisgateway.gateway.settings.Settings.WarmupType;
import kr.kisgateway.market.MarketSymbol;

/** Starts warm-up jobs. */
final class WarmupStarter {
    /** Starter's name of scheduled warm-ups. */
    static final String SCHEDULE = "schedule";

    private static final int JOBS_CHECKED = 100;

    private final JobRunner jobs;

    WarmupStarter(JobRunner jobs) {
        this.jobs = jobs;
    }

    /**
     * @param top whether {@code symbols} are the most traded
     * @param named whether the request names the types
     */
    Result<JobStatus> start(
            List<? extends MarketSymbol> symbols,
            boolean top,
            Set<WarmupType> types,
            boolean named,
            String tenant,
            Optional<LocalDate> scheduledFor) {
        var request = new WarmupRequest(symbols.size(), top, types, scheduledFor);
        return jobs.begin(WarmupJob.NAME, request.json(), request.units(symbols, named), tenant);
    }

    /** Whether the warm-up of {@code day} was started, by this process or an earlier one. */
    boolean isStartedFor(LocalDate day) {
        return jobs.list(Optional.empty(), JOBS_CHECKED).stream()
                .filter(entry -> entry.job().kind().equals(WarmupJob.NAME))
                .anyMatch(entry -> WarmupRequest.parse(entry.job().request())
                        .scheduledFor()
                        .equals(Optional.of(day)));
    }
}
