package kr.kisgateway.gateway;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.gateway.history.Backfill;
import kr.kisgateway.gateway.history.BarRoutes;
import kr.kisgateway.gateway.history.BarService;
import kr.kisgateway.gateway.history.HistoryRoutes;
import kr.kisgateway.gateway.history.HistoryStore;
import kr.kisgateway.gateway.history.UsBarService;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.LiveListing;
import kr.kisgateway.gateway.job.JobDesk;
import kr.kisgateway.gateway.job.JobRoutes;
import kr.kisgateway.gateway.job.JobStore;
import kr.kisgateway.gateway.kis.KisBars;
import kr.kisgateway.gateway.kis.KisUsBars;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;

/** Builds bars, history and jobs. */
final class HistoryWiring {
    private final JobStore jobStore;
    private final HistoryStore store;
    private final JobDesk jobs;

    private HistoryWiring(JobStore jobStore, HistoryStore store, JobDesk jobs) {
        this.jobStore = jobStore;
        this.store = store;
        this.jobs = jobs;
    }

    /** Builds them and adds their calls; nothing runs before {@link #start}. */
    static HistoryWiring register(
            DataFolder data,
            KisClient kis,
            LiveListing instruments,
            TradingCalendar calendar,
            InstantSource clock,
            SecureRandom random,
            RouteTable table) {
        var source = new KisBars(kis);
        var store = HistoryStore.open(
                data.file("history"), data.file("history-work").resolve("spill"));
        var bars = new BarService(source, store, calendar, clock);
        var backfill = new Backfill(store, data.file("history-work"), source, instruments::find, bars::forget, clock);
        var jobStore = JobStore.open(data.file("jobs.db"));
        var jobs = new JobDesk(
                jobStore,
                List.of(backfill),
                () -> {
                    var id = new byte[8];
                    random.nextBytes(id);
                    return "job-" + HexFormat.of().formatHex(id);
                },
                clock);
        var american = new UsBarService(UsHours.of(calendar), new KisUsBars(kis), clock);
        new BarRoutes(instruments::lookup, bars, american, clock).register(table);
        new HistoryRoutes(jobs, instruments::lookup, instruments::koreanSymbols, source, calendar, clock)
                .register(table);
        new JobRoutes(jobs).register(table);
        return new HistoryWiring(jobStore, store, jobs);
    }

    /** Goes on with jobs that had not ended; they are the first to stop. */
    void start(Parts parts) {
        parts.add(jobStore);
        parts.add(store);
        parts.add(jobs);
        jobs.start();
    }
}
