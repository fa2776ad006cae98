package kr.kisgateway.gateway;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.backup.BackupSchedule;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.checklist.CallChecks;
import kr.kisgateway.gateway.checklist.Check;
import kr.kisgateway.gateway.checklist.CheckItem;
import kr.kisgateway.gateway.checklist.Checklist;
import kr.kisgateway.gateway.checklist.ChecklistRoutes;
import kr.kisgateway.gateway.checklist.DayFigures;
import kr.kisgateway.gateway.checklist.ExpiryChecks;
import kr.kisgateway.gateway.checklist.StateChecks;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.session.SessionView;

/** The daily checklist: from where each of its figures comes. */
final class ChecklistModule {
    private ChecklistModule() {}

    /** Counts the day's calls to {@code broker}, before it is connected. */
    static DayFigures count(Platform platform, BrokerAdapter broker) {
        var figures = new DayFigures(platform.clock());
        broker.attach(figures);
        return figures;
    }

    static void register(
            Platform platform,
            BrokerAdapter broker,
            OrderModule orders,
            KeyRing keys,
            Optional<BackupSchedule> backups,
            DayFigures figures) {
        var checks = new EnumMap<CheckItem, Check>(CheckItem.class);
        addExpiries(checks, platform, broker.realtime().session(), keys);
        addCalls(checks, platform, broker.realtime().session(), figures);
        addStates(checks, platform, broker, orders, backups);
        var checklist = new Checklist(checks);
        checklist.bindTo(platform.meters(), platform.clock());
        new ChecklistRoutes(checklist, figures, platform.clock()).register(platform.routes());
    }

    private static void addExpiries(
            Map<CheckItem, Check> checks, Platform platform, SessionView session, KeyRing keys) {
        var secrets = platform.settings().secrets().stored().values();
        checks.put(CheckItem.SECRET_EXPIRY, now -> ExpiryChecks.secrets(secrets, now));
        checks.put(CheckItem.API_KEY_EXPIRY, now -> ExpiryChecks.apiKeys(keys.all(), now));
        checks.put(CheckItem.TOKEN_EXPIRY, now -> ExpiryChecks.tokens(session.appKeys(), now));
    }

    private static void addCalls(
            Map<CheckItem, Check> checks, Platform platform, SessionView session, DayFigures figures) {
        var perDay = platform.settings().kis().callsPerDay();
        var allowed = perDay.isPresent() ? OptionalLong.of(perDay.getAsInt()) : OptionalLong.empty();
        var meters = platform.meters();
        checks.put(CheckItem.KIS_QUOTA, _ -> CallChecks.kisQuota(figures.today(), allowed));
        checks.put(
                CheckItem.KRX_QUOTA,
                _ -> CallChecks.krxQuota(meters.value("krx.calls.today"), meters.value("krx.calls.allowed")));
        checks.put(
                CheckItem.DISCONNECTS,
                _ -> CallChecks.disconnects(
                        figures.today(),
                        session.appKeys().stream().map(SessionView.AppKey::id).toList()));
        checks.put(CheckItem.CALL_SUCCESS, _ -> CallChecks.success(figures.today()));
        checks.put(CheckItem.CALL_AVERAGE, _ -> CallChecks.average(figures.today()));
    }

    private static void addStates(
            Map<CheckItem, Check> checks,
            Platform platform,
            BrokerAdapter broker,
            OrderModule orders,
            Optional<BackupSchedule> backups) {
        var session = broker.realtime().session();
        var disk = platform.disk();
        checks.put(
                CheckItem.BACKUP_AGE,
                now -> backups.map(it -> StateChecks.backup(it.isRead(), it.newest(), now))
                        .orElseGet(StateChecks::noBackup));
        checks.put(CheckItem.DISK_FREE, _ -> StateChecks.disk(disk.freeBytes(), disk.neededBytes()));
        checks.put(
                CheckItem.CLOCK_OFFSET,
                _ -> StateChecks.clock(platform.clock().aheadOfWall(), session.leastDelaySeconds()));
        checks.put(
                CheckItem.JOURNAL,
                _ -> StateChecks.journal(isWritable(orders.desk().state())));
        checks.put(
                CheckItem.UNKNOWN_ORDERS,
                _ -> StateChecks.unknownOrders(platform.meters().value("order.unknown")));
        checks.put(
                CheckItem.REGISTRATIONS,
                _ -> StateChecks.registrations(
                        platform.alerts().open(AlertEvent.REGISTRATION_REFUSED), session.appKeys()));
    }

    private static boolean isWritable(OrderDesk.State state) {
        return switch (state) {
            case STARTING, RECONCILING, READY -> true;
            case JOURNAL_UNAVAILABLE, STOPPED -> false;
        };
    }
}
