package kr.kisgateway.gateway;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.ask.CacheFigures;
import kr.kisgateway.gateway.bar.MinuteSource;
import kr.kisgateway.gateway.batch.BatchAnswer;
import kr.kisgateway.gateway.history.Backfill;
import kr.kisgateway.gateway.history.BarBatch;
import kr.kisgateway.gateway.history.BarRoutes;
import kr.kisgateway.gateway.history.BarService;
import kr.kisgateway.gateway.history.ChartShelves;
import kr.kisgateway.gateway.history.HistoryRoutes;
import kr.kisgateway.gateway.history.HistoryStore;
import kr.kisgateway.gateway.history.Upkeep;
import kr.kisgateway.gateway.history.UsBarService;
import kr.kisgateway.gateway.history.UsMinutes;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.LiveListing;
import kr.kisgateway.gateway.job.JobDesk;
import kr.kisgateway.gateway.job.JobRoom;
import kr.kisgateway.gateway.job.JobRoutes;
import kr.kisgateway.gateway.job.JobStore;
import kr.kisgateway.gateway.journal.DiskGuard;
import kr.kisgateway.gateway.kis.KisBars;
import kr.kisgateway.gateway.kis.KisMinutes;
import kr.kisgateway.gateway.kis.KisUsBars;
import kr.kisgateway.gateway.kis.KrxDays;
import kr.kisgateway.gateway.pool.SessionPool;
import kr.kisgateway.gateway.recording.HistoryMetricsRoutes;
import kr.kisgateway.gateway.recording.RecordingRoutes;
import kr.kisgateway.gateway.recording.RecordingStore;
import kr.kisgateway.gateway.recording.TickRecorder;
import kr.kisgateway.gateway.recording.TickStore;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSymbol;

/** Builds bars, history and jobs. */
final class HistoryWiring {
    private final JobStore jobStore;
    private final HistoryStore store;
    private final JobDesk jobs;
    private final BarService bars;
    private final UsBarService american;
    private final WarmWiring warmth;
    private final KrxDays lists;
    private final TickRecorder recorder;
    private final Upkeep upkeep;

    private HistoryWiring(
            JobStore jobStore,
            HistoryStore store,
            JobDesk jobs,
            BarService bars,
            UsBarService american,
            WarmWiring warmth,
            KrxDays lists,
            TickRecorder recorder,
            Upkeep upkeep) {
        this.american = american;
        this.warmth = warmth;
        this.lists = lists;
        this.recorder = recorder;
        this.upkeep = upkeep;
        this.jobStore = jobStore;
        this.store = store;
        this.jobs = jobs;
        this.bars = bars;
    }

    /** Builds them and adds their calls; nothing runs before {@link #start}. */
    static HistoryWiring register(
            DataFolder data,
            Settings settings,
            KisClient kis,
            LiveListing instruments,
            BatchAnswer batches,
            WarmWiring warmth,
            SessionPool pool,
            StreamHub hub,
            AlertLog alerts,
            DiskGuard disk,
            ChartShelves shelves,
            TradingCalendar calendar,
            InstantSource clock,
            SecureRandom random,
            RouteTable table) {
        var source = new KisBars(kis);
        var store = HistoryStore.open(
                data.file("history"), data.file("history-work").resolve("spill"));
        var bars = new BarService(
                source,
                store,
                calendar,
                BarService.usual(calendar, settings.cache().chart()),
                shelves,
                clock);
        var past = settings.history();
        var lists = KrxDays.open(
                past.krxKey().map(key -> Secret.of(key.reveal())),
                past.krxBase(),
                past.krxCallsPerDay(),
                data.file("krx-calls"),
                clock);
        var backfill =
                new Backfill(store, data.file("history-work"), source, lists, instruments::find, bars::forget, clock);
        var setAside = new AlertSource(alerts, AlertEvent.JOBS_SET_ASIDE, clock);
        var jobStore = jobs(data.file("jobs.db"), clock, setAside);
        var american = new UsBarService(UsHours.of(calendar), new KisUsBars(kis), shelves.american(), clock);
        var waitsForRoom = new AlertSource(alerts, AlertEvent.JOB_WAITS_FOR_ROOM, clock);
        var jobs = new JobDesk(
                jobStore,
                List.of(backfill, warmth.kind(bars, american)),
                () -> "job-" + id(random),
                new JobRoom(
                        disk::hasRoomForHistory,
                        job -> waitsForRoom.raise(
                                job,
                                "Job " + job + " waits: the disk has less than " + disk.historyFloor()
                                        + " bytes left, which orders need. It goes on by itself with more room."),
                        waitsForRoom::settle),
                clock);
        var ticks =
                TickStore.open(data.file("history"), data.file("history-work").resolve("ticks"));
        var recorder = new TickRecorder(
                ticks,
                new RecordingStore(data.file("recordings.json")),
                new TickRecorder.World(
                        pool,
                        disk::freeBytes,
                        disk.historyFloor(),
                        new AlertSource(alerts, AlertEvent.RECORDINGS_UNREADABLE, clock),
                        new AlertSource(alerts, AlertEvent.RECORDING_STOPPED, clock),
                        () -> "rec-" + id(random)),
                clock);
        hub.tap(recorder);
        var upkeep = new Upkeep(chores(past, store, ticks, disk), clock);
        var batch = new BarBatch(instruments::lookup, bars, american, kis.budget()::historyPerSecond);
        new BarRoutes(instruments::lookup, bars, american, batch, batches, clock).register(table);
        new HistoryRoutes(
                        jobs,
                        instruments::lookup,
                        instruments::koreanSymbols,
                        source,
                        lists,
                        calendar,
                        clock,
                        past.keepMinutes())
                .register(table);
        new JobRoutes(jobs).register(table);
        warmth.register(jobs, table);
        new RecordingRoutes(recorder, instruments::lookup).register(table);
        new HistoryMetricsRoutes(bars, store, lists, recorder, upkeep).register(table);
        return new HistoryWiring(jobStore, store, jobs, bars, american, warmth, lists, recorder, upkeep);
    }

    /** What corrects live bars. */
    MinuteSource minutes(KisMinutes korean) {
        var there = new UsMinutes(american);
        return (symbol, from, to) -> switch (symbol) {
            case Symbol it -> korean.minutes(it, from, to);
            case UsSymbol it -> there.minutes(it, from, to);
        };
    }

    /** What the caches of bars did. */
    List<CacheFigures> caches() {
        return bars.figures();
    }

    private static List<Upkeep.Chore> chores(
            Settings.History settings, HistoryStore store, TickStore ticks, DiskGuard disk) {
        var chores = new ArrayList<Upkeep.Chore>();
        settings.keepMinutes()
                .ifPresent(days -> chores.add(
                        new Upkeep.Chore("minutes", true, today -> store.forgetMinutesBefore(today.minusDays(days)))));
        settings.keepTicks()
                .ifPresent(days -> chores.add(
                        new Upkeep.Chore("ticks", true, today -> ticks.deleteBefore(today.minusDays(days)))));
        chores.add(new Upkeep.Chore("compact", false, today -> disk.hasRoomForHistory() ? ticks.compact(today) : 0));
        return chores;
    }

    private static String id(SecureRandom random) {
        var id = new byte[8];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /** Goes on with jobs that had not ended; they are the first to stop. */
    void start(Parts parts) {
        parts.add(lists);
        parts.add(jobStore);
        parts.add(store);
        parts.add(jobs);
        jobs.start();
        parts.add(warmth.start(jobs));
        parts.add(recorder);
        recorder.start();
        parts.add(upkeep);
        upkeep.start();
    }

    private static JobStore jobs(Path file, InstantSource clock, AlertSource setAside) {
        try {
            return JobStore.open(
                    file,
                    clock,
                    kept -> setAside.raise(
                            "jobs.db",
                            "The file of background jobs was damaged and is now " + kept
                                    + "; backfills that had not ended are forgotten: begin them again."));
        } catch (IllegalStateException e) {
            throw new StartException("The file of background jobs " + file + " cannot be opened: " + e.getMessage());
        }
    }
}
