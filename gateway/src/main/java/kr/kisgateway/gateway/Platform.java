package kr.kisgateway.gateway;

import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import kr.kisgateway.gateway.alert.AlertEvaluator;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.alert.RuleFigure;
import kr.kisgateway.gateway.audit.AuditTrail;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.journal.DiskGuard;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.JournalFolder;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.secret.MasterKey;
import kr.kisgateway.gateway.secret.SecretException;
import kr.kisgateway.gateway.settings.LiveSettings;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.task.TaskRunner;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.Trace;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.gateway.trace.Tracer;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.OpenFixedCalendar;
import kr.kisgateway.market.PerMarket;
import kr.kisgateway.market.TradingCalendar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every module builds on, and where it leaves its routes and what has to be closed.
 *
 * @param live the settings that change while the gateway runs
 * @param calendar of the Korean market
 * @param markets whose instruments the gateway knows
 * @param calendars of all markets
 * @param data the locked data folder
 * @param membership in a cluster of gateways that share a database; empty for one that has its own files
 * @param ownership of that database; empty without one, and for a gateway beside the owner
 * @param disk free space of the data folder's disk
 * @param master protects the secrets in the data folder
 * @param tracer begins the traces of requests
 * @param workers threads for requests to the broker, one for each task
 * @param tasks runs periodic work
 * @param alerts receives the modules' alerts
 * @param evaluator receives the modules' rules about counters
 * @param meters receives the modules' meters
 * @param audit records calls
 * @param routes receives the modules' routes; complete before the listener starts
 * @param parts what is closed when the gateway stops, in reverse order
 */
record Platform(
        Settings settings,
        LiveSettings live,
        SteadyClock clock,
        TradingCalendar calendar,
        Markets markets,
        PerMarket<MarketCalendar> calendars,
        SecureRandom random,
        DataFolder data,
        Optional<Membership> membership,
        Optional<Ownership> ownership,
        DiskGuard disk,
        MasterKey master,
        TraceIds traceIds,
        Tracer tracer,
        ExecutorService workers,
        TaskRunner tasks,
        AlertLog alerts,
        AlertEvaluator evaluator,
        Meters meters,
        AuditTrail audit,
        RouteTable routes,
        Parts parts) {
    /** Interval of checks that must notice a change within a second. */
    static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);

    private static final Duration SECRETS_INTERVAL = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger("gateway");

    /** Opens the data folder; refuses one that is used, unwritable, or lacks its journal. */
    static Platform open(
            Settings settings,
            SteadyClock clock,
            SecureRandom random,
            Markets markets,
            Optional<Membership> membership,
            Optional<Ownership> ownership,
            Parts parts) {
        // For the log file: the terminal has displayed them already.
        settings.warnings().forEach(warning -> LOG.info("setting_warning text=\"{}\"", warning));
        var data = membership
                .map(Membership::data)
                .orElseGet(() -> parts.add(DataFolder.open(settings.dataDir(), DataFolder.User.GATEWAY)));
        if (membership.isEmpty()) {
            HistoryModule.requireFolder(settings);
            requireJournal(data);
        }
        var tasks = new ThreadTaskRunner();
        var disk =
                parts.add(DiskGuard.start(settings.dataDir(), settings.journal().diskLow(), tasks));
        var calendar = calendar(settings.simulator().clock(), clock);
        var master = membership.map(Membership::master).orElseGet(() -> masterKey(settings, random));
        var alerts = new AlertLog();
        var meters = Meters.forPrometheus();
        var evaluator = new AlertEvaluator(alerts, clock);
        membership.ifPresent(it -> parts.add(AuditModule.copy(data, it, clock, tasks, alerts, meters)));
        var audit = parts.add(AuditModule.open(data, master, clock, random, alerts, meters));
        var traceIds = TraceModule.ids(settings, random.nextLong());
        var tracer = TraceModule.open(settings, traceIds, clock, tasks, meters, parts);
        var platform = new Platform(
                settings,
                new LiveSettings(settings.live()),
                clock,
                calendar,
                markets,
                markets.calendars(calendar),
                random,
                data,
                membership,
                ownership,
                disk,
                master,
                traceIds,
                tracer,
                parts.add(Executors.newThreadPerTaskExecutor(
                        Trace.carrying(Thread.ofVirtual().name("quote-", 0).factory()))),
                tasks,
                alerts,
                evaluator,
                meters,
                audit,
                new RouteTable(),
                parts);
        platform.alerts().bindTo(platform.meters());
        watch(disk, platform.alertSource(AlertEvent.DISK_LOW));
        parts.add(platform.tasks().every("alert-evaluation", WATCH_INTERVAL, evaluator::check));
        var clockWatch = new ClockWatch(
                clock,
                platform.alertSource(AlertEvent.CLOCK_STEPPED),
                () -> alerts.policy().duration(RuleFigure.CLOCK_STEPPED_BY));
        parts.add(platform.tasks().every("clock-watch", WATCH_INTERVAL, clockWatch::check));
        var secretWatch = new SecretWatch(settings.secrets(), platform.alerts(), clock);
        parts.add(platform.tasks().every("secret-watch", SECRETS_INTERVAL, secretWatch::check));
        var settingsWatch = new SettingsWatch(
                settings.reload(), platform.live(), platform.alertSource(AlertEvent.SETTINGS_REFUSED));
        parts.add(platform.tasks().every("settings-watch", SettingsWatch.INTERVAL, settingsWatch::check));
        return platform;
    }

    /** Raises and settles the alerts of one kind. */
    AlertSource alertSource(AlertEvent kind) {
        return new AlertSource(alerts, kind, clock);
    }

    /** The same of level P3: for information. */
    AlertSource informingAlertSource(AlertEvent kind) {
        return new AlertSource(alerts, kind, "P3", clock);
    }

    /** The same of level P1: somebody has to act at once. */
    AlertSource urgentAlertSource(AlertEvent kind) {
        return new AlertSource(alerts, kind, "P1", clock);
    }

    /** Before anything is written: afterwards the folder would not show whether it was used. */
    private static void requireJournal(DataFolder data) {
        try {
            JournalFolder.require(data.file(OrderModule.JOURNAL), Platform::precedesJournal);
        } catch (JournalException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw new StartException("The data folder cannot be read or written: " + e.getMessage());
        }
    }

    /** Whether a data folder may have the file {@code name} before a gateway ever ran in it. */
    static boolean precedesJournal(String name) {
        return DataFolder.PRISTINE_FILES.contains(name)
                || name.startsWith(AccessModule.FILE)
                || name.startsWith(AuditModule.FILES);
    }

    /** The key of the settings, which is created where there is none. */
    static MasterKey masterKey(Settings settings, SecureRandom random) {
        try {
            return settings.secrets().masterKeys().open(random);
        } catch (SecretException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        }
    }

    private static void watch(DiskGuard disk, AlertSource low) {
        disk.onChange(isLow -> {
            if (isLow) {
                low.raise(
                        "disk",
                        "The disk has " + disk.freeBytes() + " bytes left, less than JOURNAL_DISK_LOW ("
                                + disk.limitBytes() + "): no new order is accepted, cancels pass. Free some space.");
            } else {
                low.settle("disk");
            }
        });
    }

    private static TradingCalendar calendar(Settings.Clock kind, SteadyClock clock) {
        return switch (kind) {
            case OPEN -> new OpenCalendar();
            case OPEN_FIXED ->
                new OpenFixedCalendar(
                        clock.instant().atZone(TradingCalendar.SEOUL).toLocalDate());
            case REAL -> new KrxCalendar();
        };
    }
}
