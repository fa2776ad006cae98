package kr.kisgateway.gateway.warm;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.job.JobDesk;
import kr.kisgateway.gateway.settings.Settings.WarmType;
import kr.kisgateway.market.MarketSymbol;

/** Begins warmings. */
final class WarmDesk {
    /** Who asks for those that begin by themselves. */
    static final String SCHEDULE = "schedule";

    private static final int LOOKED_AT = 100;

    private final JobDesk jobs;

    WarmDesk(JobDesk jobs) {
        this.jobs = jobs;
    }

    /**
     * @param top whether {@code symbols} are the most traded
     * @param named whether somebody named the types
     */
    JobDesk.Started begin(
            List<? extends MarketSymbol> symbols,
            boolean top,
            Set<WarmType> types,
            boolean named,
            String tenant,
            Optional<LocalDate> scheduledFor) {
        var request = new WarmRequest(symbols.size(), top, types, scheduledFor);
        return jobs.begin(Warming.NAME, request.json(), request.units(symbols, named), tenant);
    }

    /** Whether the warming of {@code day} was begun, by this process or one before it. */
    boolean wasBegunFor(LocalDate day) {
        return jobs.list(Optional.empty(), LOOKED_AT).stream()
                .filter(seen -> seen.job().kind().equals(Warming.NAME))
                .anyMatch(seen ->
                        WarmRequest.parse(seen.job().request()).scheduledFor().equals(Optional.of(day)));
    }
}
