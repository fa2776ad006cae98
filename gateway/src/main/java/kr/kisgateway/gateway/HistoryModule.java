package kr.kisgateway.gateway;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.bar.MinuteSource;
import kr.kisgateway.gateway.batch.BatchResponder;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.history.Backfill;
import kr.kisgateway.gateway.history.BarBatch;
import kr.kisgateway.gateway.history.BarMinutes;
import kr.kisgateway.gateway.history.BarRoutes;
import kr.kisgateway.gateway.history.BarService;
import kr.kisgateway.gateway.history.ChartCaches;
import kr.kisgateway.gateway.history.HistoryFolder;
import kr.kisgateway.gateway.history.HistoryMaintenance;
import kr.kisgateway.gateway.history.HistoryRoutes;
import kr.kisgateway.gateway.history.HistoryStore;
import kr.kisgateway.gateway.job.Job;
import kr.kisgateway.gateway.job.JobFileAccess;
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
import kr.kisgateway.gateway.task.TaskRunner;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PerMarket;
import kr.kisgateway.market.Symbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bars, history, recordings and jobs. */
final class HistoryModule {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.history");

    /** How often shared storage is checked. */
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    /** How long a start waits for storage that answers; it goes on without one that does not. */
    private static final Duration FIRST_CHECK_LIMIT = Duration.ofSeconds(1);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final HistoryFolder folder;
    private final JobStore jobStore;
    private final HistoryStore store;
    private final TickStore ticks;
    private final JobRunner jobs;
    private final PerMarket<BarService> bars;
    private final WarmupModule warmup;
    private final KrxDailyLists krxDailyLists;
    private final TickRecorder recorder;
    private final HistoryMaintenance upkeep;

    private HistoryModule(
            HistoryFolder folder,
            JobStore jobStore,
            HistoryStore store,
            TickStore ticks,
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
        this.folder = folder;
        this.jobStore = jobStore;
        this.store = store;
        this.ticks = ticks;
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
        var clock = platform.clock();
        var random = platform.random();
        var table = platform.routes();
        var instruments = instrumentModule.listing();
        var ports = broker.marketData();
        var folder = folder(platform);
        var store = HistoryStore.open(folder.folder(), folder.spill());
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
        var backfill = new Backfill(store, folder.work(), bars, platform.markets(), krxDailyLists, listedOn, clock);
        var jobStore = jobs(platform);
        var waitsForRoom = platform.alertSource(AlertEvent.JOB_WAITS_FOR_ROOM);
        var jobs = new JobRunner(
                jobStore,
                List.of(backfill, warmup.jobKind(bars)),
                () -> "job-" + id(random),
                new JobFileAccess(
                        folder::obstacle,
                        (job, obstacle) -> waitsForRoom.raise(
                                job,
                                "Job " + job + " waits: " + obstacle.message()
                                        + " It resumes when its files can be written."),
                        waitsForRoom::settle),
                clock);
        jobs.onEnded(job -> reportBackfill(job, platform.alertSource(AlertEvent.BACKFILL_FAILED)));
        var ticks = TickStore.open(
                folder.folder(),
                folder.work().resolve("ticks"),
                folder.spill().resolveSibling("spill-ticks"),
                platform.calendars());
        var recorder = new TickRecorder(
                ticks,
                new RecordingStore(folder.file("recordings.json"), platform.markets()),
                new TickRecorder.Environment(
                        pool,
                        folder::obstacle,
                        platform.alertSource(AlertEvent.RECORDINGS_UNREADABLE),
                        platform.alertSource(AlertEvent.RECORDING_STOPPED),
                        () -> "rec-" + id(random)),
                clock);
        var upkeep = new HistoryMaintenance(chores(historySettings, store, ticks, folder), clock);
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
        return new HistoryModule(folder, jobStore, store, ticks, jobs, bars, warmup, krxDailyLists, recorder, upkeep);
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
            Settings.History settings, HistoryStore store, TickStore ticks, HistoryFolder folder) {
        var chores = new ArrayList<HistoryMaintenance.MaintenanceTask>();
        settings.minuteRetentionDays()
                .ifPresent(days -> chores.add(new HistoryMaintenance.MaintenanceTask(
                        "minutes", true, today -> store.deleteMinutesBefore(today.minusDays(days)))));
        settings.tickRetentionDays()
                .ifPresent(days -> chores.add(new HistoryMaintenance.MaintenanceTask(
                        "ticks", true, today -> ticks.deleteBefore(today.minusDays(days)))));
        chores.add(new HistoryMaintenance.MaintenanceTask(
                "compact", false, today -> folder.obstacle().isEmpty() ? ticks.compact(today) : 0));
        return chores;
    }

    private static String id(SecureRandom random) {
        var id = new byte[8];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /**
     * Resumes unfinished jobs and recordings. On shared storage those that write files wait until this gateway is its writer, and
     * nothing else does.
     */
    void start(Platform platform) {
        var parts = platform.parts();
        var tasks = platform.tasks();
        parts.add(krxDailyLists);
        parts.add(jobStore);
        parts.add(folder);
        parts.add(store);
        parts.add(jobs);
        parts.add(recorder);
        var writing = parts.add(new Parts());
        if (folder.isShared()) {
            parts.add(new StorageWatch(tasks, writing, platform.alertSource(AlertEvent.HISTORY_UNWRITABLE)))
                    .awaitFirstCheck();
        } else {
            recover();
            startWriting(tasks, writing);
        }
        jobs.start();
        parts.add(warmup.start(jobs, tasks));
    }

    private void recover() {
        store.recover();
        ticks.recover();
    }

    private void startWriting(TaskRunner tasks, Parts writing) {
        writing.add(upkeep.start(tasks));
        recorder.start(tasks);
    }

    /** Waits for the lock of the shared storage, begins to write when this gateway has it, and reports what prevents it. */
    private final class StorageWatch implements AutoCloseable {
        private final TaskRunner tasks;
        private final Parts writing;
        private final AlertSource unwritable;
        private final TaskRunner.Task task;
        private final CountDownLatch checked = new CountDownLatch(1);
        private volatile boolean closing;
        private Optional<String> reported = Optional.empty();
        private boolean settled;

        StorageWatch(TaskRunner tasks, Parts writing, AlertSource unwritable) {
            this.tasks = tasks;
            this.writing = writing;
            this.unwritable = unwritable;
            this.task = tasks.repeat("history-storage", () -> {
                check();
                return CHECK_INTERVAL;
            });
        }

        private void check() {
            Optional<String> problem = Optional.empty();
            try {
                if (folder.check() && writing.isEmpty()) {
                    begin();
                }
            } catch (RuntimeException e) {
                problem = Optional.of("The folder of HISTORY_URL cannot be opened: " + e.getMessage());
            }
            report(problem.or(() -> folder.obstacle()
                    .filter(obstacle -> obstacle.code() == ErrorCode.HISTORY_UNAVAILABLE)
                    .map(Refusal::message)));
            checked.countDown();
        }

        /** Storage that answers at once is open before the jobs start, which would report that they wait. */
        void awaitFirstCheck() {
            try {
                if (!checked.await(FIRST_CHECK_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.warn("history_storage_slow folder={}", folder.folder());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void begin() {
            recover();
            store.readAgain();
            if (!closing) {
                startWriting(tasks, writing);
                folder.ready();
            }
        }

        private void report(Optional<String> problem) {
            if (problem.isPresent() && !problem.equals(reported)) {
                LOG.warn("history_not_writable folder={} cause=\"{}\"", folder.folder(), problem.get());
                unwritable.raise("history", problem.get());
            } else if (problem.isEmpty() && (reported.isPresent() || !settled)) {
                // The owner before may have raised it.
                unwritable.settle("history");
                settled = true;
            }
            reported = problem;
        }

        @Override
        public void close() {
            closing = true;
            task.close();
            if (!task.awaitEnd(CLOSE_LIMIT)) {
                LOG.warn("history_storage_close_timed_out");
            }
        }
    }

    /** @throws StartException when {@code HISTORY_URL} names a folder that this gateway cannot write */
    static void requireFolder(Settings settings) {
        settings.history().sharedFolder().ifPresent(shared -> {
            Path data = settings.dataDir().toAbsolutePath().normalize();
            if (data.startsWith(shared) || shared.startsWith(data.resolveSibling(""))) {
                throw new StartException("The folder of HISTORY_URL, " + shared + ", and the data folder " + data
                        + " lie in one another; set a folder of its own.");
            }
            Path own = shared.resolve(settings.environment().wireName());
            if (!Files.isDirectory(shared) || !Files.isWritable(Files.exists(own) ? own : shared)) {
                throw new StartException("The folder of HISTORY_URL, " + shared
                        + ", does not exist or cannot be written: mount the storage, or create the folder; its files are those"
                        + " of one user.");
            }
        });
    }

    private static HistoryFolder folder(Platform platform) {
        var disk = platform.disk();
        var data = platform.settings().dataDir();
        return platform.settings()
                .history()
                .sharedFolder()
                .map(shared -> HistoryFolder.shared(
                        shared.resolve(platform.settings().environment().wireName()),
                        data,
                        () -> DiskGuard.usable(shared),
                        disk.historyMinimumBytes(),
                        platform.clock()))
                .orElseGet(() -> HistoryFolder.own(data, disk::freeBytes, disk.historyMinimumBytes()));
    }

    /** Jobs go on at the next owner where their files are shared too. */
    private static JobStore jobs(Platform platform) {
        if (platform.ownership().isPresent()
                && platform.settings().history().sharedFolder().isPresent()) {
            return JobStore.open(platform.ownership().get().stores());
        }
        Path file = platform.data().file("jobs.db");
        var setAside = platform.alertSource(AlertEvent.JOBS_SET_ASIDE);
        try {
            return JobStore.open(
                    file,
                    platform.clock(),
                    movedFile -> setAside.raise(
                            "jobs.db",
                            "The file of background jobs was damaged and is now " + movedFile
                                    + "; unfinished backfills are lost: start them again."));
        } catch (IllegalStateException e) {
            throw new StartException("The file of background jobs " + file + " cannot be opened: " + e.getMessage());
        }
    }
}
