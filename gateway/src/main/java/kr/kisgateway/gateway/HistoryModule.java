package kr.kisgateway.gateway;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.bar.MinuteSource;
import kr.kisgateway.gateway.batch.BatchResponder;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.history.Backfill;
import kr.kisgateway.gateway.history.BarBatch;
import kr.kisgateway.gateway.history.BarMinutes;
import kr.kisgateway.gateway.history.BarRoutes;
import kr.kisgateway.gateway.history.BarService;
import kr.kisgateway.gateway.history.ChartCaches;
import kr.kisgateway.gateway.history.HistoryMaintenance;
import kr.kisgateway.gateway.history.HistoryRoutes;
import kr.kisgateway.gateway.history.HistoryStore;
import kr.kisgateway.gateway.job.Job;
import kr.kisgateway.gateway.job.JobDiskSpace;
import kr.kisgateway.gateway.job.JobRoutes;
import kr.kisgateway.gateway.job.JobRunner;
import kr.kisgateway.gateway.job.JobStore;
import kr.kisgateway.gateway.journal.DiskGuard;
import kr.kisgateway.gateway.krx.KrxDailyLists;
import kr.kisgateway.gateway.pool.SessionPool;
import kr.kisgateway.gateway.recording.HistoryMetricsRoutes;
import kr.kisgateway.gateway.recording.RecordingRoutes;
import kr.kisgateway.gateway.recording.RecordingStore;
import kr.kisgateway.gateway.recording.TickRecorder;
import kr.kisgateway.gateway.recording.TickStore;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PerMarket;
import kr.kisgateway.market.Symbol;

/** Bars, history, recordings and jobs. */
final class HistoryModule {
    private final JobStore jobStore;
    private final HistoryStore store;
    private final JobRunner jobs;
    private final PerMarket<BarService> bars;
    private final WarmupModule warmup;
    private final KrxDailyLists krxDailyLists;
    private final TickRecorder recorder;
    private final HistoryMaintenance upkeep;

    private HistoryModule(
            JobStore jobStore,
            HistoryStore store,
            JobRunner jobs,
            PerMarket<BarService> bars,
            WarmupModule warmup,
            KrxDailyLists krxDailyLists,
            TickRecorder recorder,
            HistoryMaintenance upkeep) {
        this.warmup = warmup;
        this.krxDailyLists = krxDailyLists;
        this.recorder = recorder;
        this.upkeep = upkeep;
        this.jobStore = jobStore;
        this.store = store;
        this.jobs = jobs;
        this.bars = bars;
    }

    /** Builds the parts and registers their routes; nothing runs before {@link #start}. */
    static HistoryModule create(
            Platform platform,
            InstrumentModule instrumentModule,
            BrokerAdapter broker,
            CacheModule.SharedCaches shared,
            BatchResponder batches,
            WarmupModule warmup,
            SessionPool pool) {
        var settings = platform.settings();
        var data = platform.data();
        var disk = platform.disk();
        var clock = platform.clock();
        var random = platform.random();
        var table = platform.routes();
        var instruments = instrumentModule.listing();
        var ports = broker.marketData();
        var store = HistoryStore.open(
                data.file("history"), data.file("history-work").resolve("spill"));
        Function<MarketSymbol, Optional<LocalDate>> listedOn =
                symbol -> Symbol.parse(symbol.code()).flatMap(instruments::find).flatMap(Instrument::listedOn);
        var bars = bars(platform, listedOn, ports, store, shared.charts());
        var historySettings = settings.history();
        var krxDailyLists = KrxDailyLists.open(
                historySettings.krxKey(),
                historySettings.krxBase(),
                historySettings.krxCallsPerDay(),
                data.file("krx-calls"),
                clock);
        var backfill = new Backfill(
                store, data.file("history-work"), bars, platform.markets(), krxDailyLists, listedOn, clock);
        var jobsSetAside = platform.alertSource(AlertEvent.JOBS_SET_ASIDE);
        var jobStore = jobs(data.file("jobs.db"), clock, jobsSetAside);
        var waitsForRoom = platform.alertSource(AlertEvent.JOB_WAITS_FOR_ROOM);
        var jobs = new JobRunner(
                jobStore,
                List.of(backfill, warmup.jobKind(bars)),
                () -> "job-" + id(random),
                new JobDiskSpace(
                        disk::hasRoomForHistory,
                        job -> waitsForRoom.raise(
                                job,
                                "Job " + job + " waits: the disk has less than " + disk.historyMinimumBytes()
                                        + " bytes free, which orders need. It resumes when there is more space."),
                        waitsForRoom::settle),
                clock);
        jobs.onEnded(job -> reportBackfill(job, platform.alertSource(AlertEvent.BACKFILL_FAILED)));
        var ticks =
                TickStore.open(data.file("history"), data.file("history-work").resolve("ticks"), platform.calendars());
        var recorder = new TickRecorder(
                ticks,
                new RecordingStore(data.file("recordings.json"), platform.markets()),
                new TickRecorder.Environment(
                        pool,
                        disk::freeBytes,
                        disk.historyMinimumBytes(),
                        platform.alertSource(AlertEvent.RECORDINGS_UNREADABLE),
                        platform.alertSource(AlertEvent.RECORDING_STOPPED),
                        () -> "rec-" + id(random)),
                clock);
        var upkeep = new HistoryMaintenance(chores(historySettings, store, ticks, disk), clock);
        var batch = new BarBatch(instruments::lookup, bars, ports.historyPerSecond());
        new BarRoutes(instruments::lookup, bars, batch, batches).register(table);
        new HistoryRoutes(
                        jobs,
                        instruments::lookup,
                        instruments::koreanSymbols,
                        bars,
                        krxDailyLists,
                        historySettings.minuteRetentionDays())
                .register(table);
        new JobRoutes(jobs).register(table);
        warmup.register(jobs, table);
        new RecordingRoutes(recorder, instruments::lookup).register(table);
        bars.all().forEach(service -> service.bindTo(platform.meters()));
        store.bindTo(platform.meters());
        jobStore.bindTo(platform.meters());
        jobs.bindTo(platform.meters());
        krxDailyLists.bindTo(platform.meters());
        recorder.bindTo(platform.meters());
        upkeep.bindTo(platform.meters());
        new HistoryMetricsRoutes(platform.meters()).register(table);
        return new HistoryModule(jobStore, store, jobs, bars, warmup, krxDailyLists, recorder, upkeep);
    }

    private static void reportBackfill(Job job, AlertSource failed) {
        if (!job.kind().equals(Backfill.NAME)) {
            return;
        }
        if (job.state() == Job.State.FAILED) {
            failed.raise(Backfill.NAME, "backfill " + job.id() + " failed: " + job.message());
        } else if (job.failed() > 0) {
            failed.raise(
                    Backfill.NAME,
                    "backfill " + job.id() + " has no data for " + job.failed() + " of " + job.total()
                            + " units: ./kis jobs show " + job.id() + " has the reasons");
        } else {
            failed.settle(Backfill.NAME);
        }
    }

    /** The service of each market: KIS has ranges of Korean bars, and pages of others. */
    private static PerMarket<BarService> bars(
            Platform platform,
            Function<MarketSymbol, Optional<LocalDate>> listedOn,
            BrokerAdapter.MarketData ports,
            HistoryStore store,
            ChartCaches shared) {
        var clock = platform.clock();
        var life = platform.settings().cache().chart();
        return platform.calendars()
                .map((market, calendar) -> market.equals(Market.KOREA)
                        ? BarService.ofRanges(
                                ports.bars(),
                                store,
                                calendar,
                                listedOn,
                                BarService.defaultLifetime(calendar, life),
                                shared,
                                clock)
                        : BarService.ofPages(
                                market.cacheName("bars"), ports.barPages(), store, calendar, shared.pages(), clock));
    }

    /** The bars of each market. */
    PerMarket<BarService> bars() {
        return bars;
    }

    /** Records what the feed publishes. */
    TickRecorder recorder() {
        return recorder;
    }

    /** Source of minute bars that correct live bars. */
    MinuteSource minutes(MinuteSource korean) {
        var others = new BarMinutes(bars);
        return (symbol, from, to) -> (symbol.market().equals(Market.KOREA) ? korean : others).minutes(symbol, from, to);
    }

    private static List<HistoryMaintenance.MaintenanceTask> chores(
            Settings.History settings, HistoryStore store, TickStore ticks, DiskGuard disk) {
        var chores = new ArrayList<HistoryMaintenance.MaintenanceTask>();
        settings.minuteRetentionDays()
                .ifPresent(days -> chores.add(new HistoryMaintenance.MaintenanceTask(
                        "minutes", true, today -> store.deleteMinutesBefore(today.minusDays(days)))));
        settings.tickRetentionDays()
                .ifPresent(days -> chores.add(new HistoryMaintenance.MaintenanceTask(
                        "ticks", true, today -> ticks.deleteBefore(today.minusDays(days)))));
        chores.add(new HistoryMaintenance.MaintenanceTask(
                "compact", false, today -> disk.hasRoomForHistory() ? ticks.compact(today) : 0));
        return chores;
    }

    private static String id(SecureRandom random) {
        var id = new byte[8];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /** Resumes unfinished jobs; they stop first. */
    void start(Platform platform) {
        var parts = platform.parts();
        parts.add(krxDailyLists);
        parts.add(jobStore);
        parts.add(store);
        parts.add(jobs);
        jobs.start();
        parts.add(warmup.start(jobs, platform.tasks()));
        parts.add(recorder);
        recorder.start(platform.tasks());
        parts.add(upkeep.start(platform.tasks()));
    }

    private static JobStore jobs(Path file, InstantSource clock, AlertSource jobsSetAside) {
        try {
            return JobStore.open(
                    file,
                    clock,
                    movedFile -> jobsSetAside.raise(
                            "jobs.db",
                            "The file of background jobs was damaged and is now " + movedFile
                                    + "; unfinished backfills are lost: start them again."));
        } catch (IllegalStateException e) {
            throw new StartException("The file of background jobs " + file + " cannot be opened: " + e.getMessage());
        }
    }
}
