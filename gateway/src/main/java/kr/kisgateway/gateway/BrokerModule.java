package kr.kisgateway.gateway;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.Credentials;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisConfig;
import kr.kisgateway.client.LimitTable;
import kr.kisgateway.client.Limits;
import kr.kisgateway.client.RealtimeOptions;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.SessionPlan;
import kr.kisgateway.client.TokenStore;
import kr.kisgateway.client.setup.CallTuning;
import kr.kisgateway.gateway.account.Accounts;
import kr.kisgateway.gateway.alert.AlertEvaluator;
import kr.kisgateway.gateway.alert.AlertEvaluator.Window;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.RuleFigure;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.interruption.StockStatusMonitor;
import kr.kisgateway.gateway.kis.KisAdapter;
import kr.kisgateway.gateway.kis.auth.KisAppKeys;
import kr.kisgateway.gateway.kis.auth.KisAppKeys.AppKey;
import kr.kisgateway.gateway.kis.rest.BudgetWaits;
import kr.kisgateway.gateway.kis.rest.KisAccount;
import kr.kisgateway.gateway.kis.rest.KisCallAudit;
import kr.kisgateway.gateway.kis.rest.KisCallMeter;
import kr.kisgateway.gateway.kis.rest.KisCallTrace;
import kr.kisgateway.gateway.kis.rest.KisConnectionMeters;
import kr.kisgateway.gateway.kis.stream.KisFeed;
import kr.kisgateway.gateway.kis.stream.KisObservers;
import kr.kisgateway.gateway.kis.stream.SessionAlerts;
import kr.kisgateway.gateway.pool.SessionPool;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.secret.MasterKey;
import kr.kisgateway.gateway.settings.KisEnvironment;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.CodeTable;

/** KIS as the gateway's broker: a client for each app key and their feed. */
final class BrokerModule {
    /** The file with the random name of the gateway at its simulator. */
    static final String IDENTITY = "identity";

    static final String FIRST_KEY_ID = "K1";

    private BrokerModule() {}

    /** KIS, or the simulator in its place unless the settings name an address. */
    static BrokerConnector.Connected connect(
            Platform platform,
            CacheModule cache,
            QuoteStore store,
            SessionPool pool,
            StockStatusMonitor interruptions) {
        var simulator = SimulatorModule.startIfNeeded(platform);
        return new BrokerConnector.Connected(
                create(platform, simulator.brokerBase(), cache, store, pool, interruptions), Optional.of(simulator));
    }

    /** Builds the clients; none is started. */
    private static BrokerAdapter create(
            Platform platform,
            URI restBase,
            CacheModule cache,
            QuoteStore store,
            SessionPool pool,
            StockStatusMonitor interruptions) {
        var settings = platform.settings();
        var clock = platform.clock();
        var alerts = new SessionAlerts(platform.alerts(), CodeTable.load(), clock);
        var feed = new KisFeed(store, pool, interruptions, alerts, clock);
        feed.bindTo(platform.meters());
        var meter = new KisCallMeter(platform.meters(), face(settings) == Environment.PAPER_FACE);
        var audit = new KisCallAudit(platform.audit(), clock);
        var observers = new KisObservers();
        feed.onEvent(observers::event);
        var waits = new BudgetWaits(() -> platform.alerts().policy().duration(RuleFigure.BUDGET_WAITS_LONGER));
        platform.evaluator()
                .add(AlertEvaluator.count(
                        platform.alertSource(AlertEvent.BUDGET_WAITS),
                        "calls",
                        waits::count,
                        new Window(RuleFigure.BUDGET_WAITS_WINDOW, RuleFigure.BUDGET_WAITS_LEAST),
                        (count, window) -> count + " calls to KIS waited long for the call budget in the last "
                                + OrderAlertRules.text(window)
                                + ", or got no slot: GET /v1/session/pool shows what uses it. Fewer requests, or another app"
                                + " key, help."));
        var unrecorded = config(platform, restBase)
                .withCallListener(new KisCallTrace(
                        List.of(meter, audit, observers, waits),
                        platform.tracer(),
                        platform.traceIds(),
                        settings.tracing().kisHeader(),
                        clock));
        var config = settings.kis()
                .recordTo()
                .map(file -> SimulatorModule.recorder(file, platform.disk(), clock, platform.parts()))
                .map(unrecorded::withTraffic)
                .orElse(unrecorded);
        var keys = clients(platform, config, feed, cache::withTokenLock);
        KisConnectionMeters.bind(platform.meters(), keys);
        var accounts = accounts(platform, keys);
        return new KisAdapter(
                keys,
                feed,
                owner(config.credentials(), accounts),
                accounts,
                config.credentials().htsId(),
                platform.calendars(),
                settings.kis().paidUsFeed() ? PushFeed.PAID : PushFeed.FREE,
                observers,
                clock);
    }

    /** The first account, which is the first app key's, and those of the settings. */
    private static Accounts<KisAccount> accounts(Platform platform, KisAppKeys keys) {
        var accounts = new LinkedHashMap<String, KisAccount>();
        accounts.put(Accounts.FIRST_ALIAS, new KisAccount(FIRST_KEY_ID, keys.primary()));
        for (var account : platform.settings().kis().furtherAccounts()) {
            var number = account.number()
                    .map(BrokerModule::number)
                    .orElseGet(() -> new AccountNumber(
                            SimIdentity.ofFurtherAccount(
                                            account.alias(),
                                            platform.data().file(IDENTITY),
                                            platform.master(),
                                            platform.random())
                                    .cano(),
                            "01"));
            accounts.put(
                    account.alias(),
                    new KisAccount(account.appKey(), keys.find(account.appKey()).forAccount(number)));
        }
        return Accounts.of(accounts);
    }

    private static AccountNumber number(Settings.Account account) {
        return new AccountNumber(account.cano(), account.productCode());
    }

    /** @param credentials of the first app key, which gateways of the owner have in common */
    private static BrokerAdapter.AccountOwner owner(Credentials credentials, Accounts<KisAccount> accounts) {
        return new BrokerAdapter.AccountOwner(
                accounts.toMap(account -> AppKeyLock.hash(credentials.appKey().reveal() + "|"
                        + account.client().account().cano() + "|"
                        + account.client().account().productCode())),
                accounts.toMap(
                        account -> AppKeyLock.hash(account.client().account().cano() + "|"
                                + account.client().account().productCode())),
                credentials.appSecret());
    }

    /** @param addTokenLock wraps a token request in a further lock, where processes share an app key */
    private static KisAppKeys clients(
            Platform platform, KisConfig first, KisFeed feed, UnaryOperator<KisConfig> addTokenLock) {
        var settings = platform.settings();
        var data = platform.data();
        var configs = new ArrayList<KisConfig>(List.of(first));
        var ids = new ArrayList<>(List.of(FIRST_KEY_ID));
        for (var key : settings.kis().furtherKeys()) {
            ids.add(key.id());
            configs.add(furtherConfig(
                    first,
                    key,
                    settings.kis().furtherAccounts().stream()
                            .anyMatch(account -> account.appKey().equals(key.id())),
                    data.file(IDENTITY),
                    data.file("token-" + key.id()),
                    platform.master(),
                    platform.random()));
        }
        if (settings.environment() != KisEnvironment.SIM) {
            for (int i = 0; i < ids.size(); i++) {
                platform.parts()
                        .add(AppKeyLock.take(
                                settings.configDir(),
                                ids.get(i),
                                configs.get(i).credentials().appKey().reveal(),
                                platform.ownership().isPresent()));
            }
        }
        var plans = plans(settings, ids.size());
        var keys = new ArrayList<AppKey>();
        for (int i = 0; i < ids.size(); i++) {
            // On the reader's thread: the feed never blocks, and a hand-over would add cost to every tick. The feed
            // fills gaps itself.
            var options = RealtimeOptions.direct().withPlan(plans.get(i));
            var config = addTokenLock.apply(configs.get(i));
            keys.add(new AppKey(
                    ids.get(i),
                    KisClient.open(
                            config,
                            platform.clock(),
                            platform.clock().monotonicClock(),
                            feed.socketListener(i, ids.get(i)),
                            options),
                    plans.get(i),
                    config.credentials().htsId().isPresent() ? 1 : 0));
        }
        return new KisAppKeys(keys);
    }

    private static List<SessionPlan> plans(Settings settings, int appKeys) {
        var plan = settings.kis()
                .koreanHours()
                .map(hours -> SessionPlan.alternating(hours.from(), hours.until()))
                .orElseGet(SessionPlan::always);
        var plans = new ArrayList<SessionPlan>();
        var sharedPlans = settings.kis().koreanHours().isPresent() ? plan.splitAcross(appKeys) : List.of(plan);
        for (int i = 0; i < appKeys; i++) {
            plans.add(sharedPlans.get(i % sharedPlans.size()));
        }
        return plans;
    }

    private static KisConfig config(Platform platform, URI base) {
        var settings = platform.settings();
        var kis = settings.kis();
        var identity = SimIdentity.of(platform.data().file(IDENTITY), platform.master(), platform.random());
        var datedLimits = LimitTable.load()
                .on(face(settings), LocalDate.ofInstant(platform.clock().instant(), TradingCalendar.SEOUL));
        var ledger = settings.simulator().callsPerSecond().orElse(datedLimits.ledgerPerSecond());
        var store =
                TokenStore.in(platform.data().file("token"), platform.master().text());
        return new KisConfig(
                face(settings),
                base,
                kis.wsBase().orElseGet(() -> URI.create("ws://" + base.getAuthority())),
                new Credentials(
                        kis.appKey().orElseGet(() -> Secret.of(identity.appKey())),
                        kis.appSecret().orElseGet(() -> Secret.of(identity.appSecret())),
                        kis.account().map(BrokerModule::number).orElse(new AccountNumber(identity.cano(), "01")),
                        // Only the simulator accepts any login id; KIS refuses one that is not the customer's.
                        settings.environment() == KisEnvironment.SIM
                                ? kis.htsId().or(() -> Optional.of(identity.htsId()))
                                : kis.htsId()),
                kis.calls().rotation().map(store::withRotation).orElse(store),
                CallTuning.of(
                        kis.calls(),
                        new Limits(
                                kis.callsPerSecond(),
                                Math.min(ledger, kis.callsPerSecond()),
                                datedLimits.registrations(),
                                datedLimits.waitingMax(),
                                datedLimits.connectsPerMinute(),
                                datedLimits.subscribesPerMinute(),
                                datedLimits.tokenSeconds())),
                false,
                platform.random().nextLong());
    }

    /** A further key has a login only where it trades: else its socket would deliver every execution notice twice. */
    private static KisConfig furtherConfig(
            KisConfig first,
            Settings.AppKey key,
            boolean trades,
            Path identityFile,
            Path tokenFile,
            MasterKey master,
            SecureRandom random) {
        var identity = SimIdentity.ofFurtherKey(key.id(), identityFile, master, random);
        var credentials = new Credentials(
                key.appKey().orElseGet(() -> Secret.of(identity.appKey())),
                key.appSecret().orElseGet(() -> Secret.of(identity.appSecret())),
                key.account()
                        .map(BrokerModule::number)
                        .orElse(first.credentials().account()),
                trades ? key.htsId().or(first.credentials()::htsId) : Optional.empty());
        var store = TokenStore.in(tokenFile, master.text());
        var config = new KisConfig(
                first.environment(),
                first.restBase(),
                first.wsBase(),
                credentials,
                first.tokens().rotation().map(store::withRotation).orElse(store),
                first.tuning(),
                first.unlistedInPaper(),
                random.nextLong());
        return first.calls().map(config::withCallListener).orElse(config);
    }

    /** The gateway's own simulator behaves like live. */
    private static Environment face(Settings settings) {
        return settings.environment() == KisEnvironment.MOCK ? Environment.PAPER_FACE : Environment.LIVE_FACE;
    }
}
