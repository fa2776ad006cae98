package kr.kisgateway.gateway;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.Credentials;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisConfig;
import kr.kisgateway.client.RealtimeOptions;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.SessionPlan;
import kr.kisgateway.client.TokenStore;
import kr.kisgateway.gateway.SimIdentity.MasterKey;
import kr.kisgateway.gateway.kis.KisAppKeys;
import kr.kisgateway.gateway.kis.KisAppKeys.AppKey;
import kr.kisgateway.gateway.kis.KisFeed;
import kr.kisgateway.gateway.kis.KisPollSource;
import kr.kisgateway.gateway.kis.KisSockets;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.pool.Country;
import kr.kisgateway.gateway.pool.SessionPool;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.quote.UsFeed;
import kr.kisgateway.gateway.quote.UsQuoteStore;
import kr.kisgateway.gateway.settings.KisEnvironment;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;

/** Builds the clients of all app keys and the pool of their sockets. */
final class PoolWiring {
    private static final String FIRST_KEY_ID = "K1";

    private PoolWiring() {}

    /**
     * One client per app key, none of them started.
     *
     * @param addTokenLock wraps a token request in a further lock, where processes share an app key
     * @param first configuration of the first app key's client; the others differ in credentials and token only
     */
    static KisAppKeys clients(
            Settings settings,
            KisConfig first,
            DataFolder data,
            MasterKey master,
            SecureRandom random,
            KisFeed feed,
            SteadyClock clock,
            Parts parts,
            UnaryOperator<KisConfig> addTokenLock) {
        var configs = new ArrayList<KisConfig>(List.of(first));
        var ids = new ArrayList<>(List.of(FIRST_KEY_ID));
        for (var key : settings.kis().furtherKeys()) {
            ids.add(key.id());
            configs.add(
                    furtherConfig(first, key, data.file("identity"), data.file("token-" + key.id()), master, random));
        }
        if (settings.environment() != KisEnvironment.SIM) {
            for (int i = 0; i < ids.size(); i++) {
                parts.add(AppKeyLock.take(
                        settings.configDir(),
                        ids.get(i),
                        configs.get(i).credentials().appKey().reveal()));
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
                    KisClient.open(config, clock, clock.monotonicClock(), feed.socketListener(i, ids.get(i)), options),
                    plans.get(i),
                    config.credentials().htsId().isPresent() ? 1 : 0));
        }
        return new KisAppKeys(keys);
    }

    /** Opens the clients' sessions and activates them in the pool. */
    static void start(
            SessionPool pool,
            KisAppKeys keys,
            Supplier<Optional<OrderDesk>> desk,
            StreamHub hub,
            QuoteStore store,
            UsQuoteStore us,
            UsFeed feed,
            TradingCalendar calendar,
            Executor workers,
            SteadyClock clock,
            Parts parts) {
        keys.all().stream().skip(1).map(AppKey::client).forEach(client -> {
            parts.add(client);
            client.start();
        });
        var hours = UsHours.of(calendar);
        parts.add(pool.start(new SessionPool.Environment(
                new KisSockets(keys, hours, feed, clock),
                new KisPollSource(keys, hours, clock),
                hub,
                store,
                us,
                () -> symbolsWithOpenOrders(desk.get()),
                country -> country == Country.KOREA
                        ? calendar.session(clock.instant()) != Session.CLOSED
                        : hours.at(clock.instant()).session().isOpen(),
                workers)));
    }

    private static Set<Symbol> symbolsWithOpenOrders(Optional<OrderDesk> desk) {
        return desk.map(OrderDesk::open).orElse(List.of()).stream()
                .map(order -> order.terms().symbol())
                .collect(Collectors.toSet());
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

    /** A further key has no HTS id: its socket would deliver every execution notice twice. */
    private static KisConfig furtherConfig(
            KisConfig first,
            Settings.AppKey key,
            Path identityFile,
            Path tokenFile,
            MasterKey master,
            SecureRandom random) {
        var identity = SimIdentity.ofFurtherKey(key.id(), identityFile, master, random);
        var credentials = new Credentials(
                key.appKey().orElseGet(() -> Secret.of(identity.appKey())),
                key.appSecret().orElseGet(() -> Secret.of(identity.appSecret())),
                key.account()
                        .map(account -> new AccountNumber(account.cano(), account.productCode()))
                        .orElse(first.credentials().account()),
                Optional.empty());
        var store = TokenStore.in(tokenFile, Secret.of(master.text()));
        return new KisConfig(
                first.environment(),
                first.restBase(),
                first.wsBase(),
                credentials,
                first.tokens().rotation().map(store::withRotation).orElse(store),
                first.tuning(),
                first.unlistedInPaper(),
                random.nextLong());
    }
}
