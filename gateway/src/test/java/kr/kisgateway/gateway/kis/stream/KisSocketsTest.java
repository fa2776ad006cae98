package kr.kisgateway.gateway.kis.stream;

import static kr.kisgateway.gateway.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.Credentials;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisConfig;
import kr.kisgateway.client.LimitTable;
import kr.kisgateway.client.RealtimeOptions;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.SessionPlan;
import kr.kisgateway.client.TokenStore;
import kr.kisgateway.client.Tuning;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.interruption.NoOpStatusListener;
import kr.kisgateway.gateway.kis.auth.KisAppKeys;
import kr.kisgateway.gateway.kis.auth.KisAppKeys.AppKey;
import kr.kisgateway.gateway.pool.Demand;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.RawDemand;
import kr.kisgateway.gateway.pool.RegistrationListener;
import kr.kisgateway.gateway.pool.Sockets;
import kr.kisgateway.gateway.pool.SymbolDemand;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.OpenFixedCalendar;
import kr.kisgateway.market.PerMarket;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.UsWindow;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.wire.CodeTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** US registrations over a real socket, from one session of New York to the next. */
@Requirement("I-02")
class KisSocketsTest {
    private static final UsSymbol APPLE = new UsSymbol(UsExchange.NASD, "AAPL");
    private static final Demand TRADES = new SymbolDemand(Kind.TRADES, APPLE);
    private static final Demand KOREAN = new SymbolDemand(
            Kind.TRADES,
            Lookups.shipped().apply("005930").orElseThrow().requireKorean().symbol());

    private final InstantSource clock = InstantSource.system();
    private final QuoteStore store = new QuoteStore(clock);
    private final ConcurrentLinkedQueue<Demand> lost = new ConcurrentLinkedQueue<>();
    private volatile UsSession session = UsSession.DAY_MARKET;

    @Test
    void a_stock_is_registered_by_the_day_market_key_while_it_is_open_and_reregistered_when_it_ends(
            @TempDir Path folder) {
        var feed = new KisFeed(
                store,
                new Watch(),
                new NoOpStatusListener(),
                new SessionAlerts(new AlertLog(_ -> {}), CodeTable.load(), clock),
                clock);
        try (var simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("sim.db"))
                        .withTime(new OpenFixedCalendar(LocalDate.of(2026, 11, 20)), clock)
                        .withTicksPerSecond(50));
                var client = client(simulator, folder, feed)) {
            client.start();
            var keys = new KisAppKeys(List.of(new AppKey("K1", client, SessionPlan.always(), 1)));
            var sockets = new KisSockets(
                    keys,
                    Optional.empty(),
                    feed,
                    new PerMarket<>(Map.of(Market.KOREA, new KrxCalendar(), Market.US, new Hours())),
                    PushFeed.FREE,
                    clock);

            assertThat(sockets.register(KOREAN)).isEqualTo(Sockets.Placement.REQUESTED);
            assertThat(sockets.register(TRADES)).isEqualTo(Sockets.Placement.REQUESTED);
            until(
                    "the day market's trades",
                    () -> feed.isLive(APPLE) && lastFeed().equals(Optional.of(PushFeed.DAY_MARKET)));
            assertThat(sockets.refreshKeys()).isEmpty();
            assertThat(sockets.appKeyOf(TRADES)).contains("K1");
            assertThat(sockets.room(Market.US).registrations()).isEqualTo(41);

            session = UsSession.PRE;
            assertThat(sockets.refreshKeys()).isEmpty();

            until("the other sessions' trades", () -> lastFeed().equals(Optional.of(PushFeed.FREE)));
            until("live again", () -> feed.isLive(APPLE));
            until(
                    "one slot each, and the notices'",
                    () -> client.realtime().status().registrations() == 3);
            assertThat(lost).as("the demand for the stock did not end").isEmpty();
            assertThat(sockets.appKeyOf(TRADES)).contains("K1");

            // The same registration for another purpose: KIS confirms nothing twice.
            var raw = new RawDemand("H0STCNT0", ((SymbolDemand) KOREAN).symbol().code(), Market.KOREA);
            assertThat(sockets.register(raw)).isEqualTo(Sockets.Placement.CONFIRMED);
            sockets.release(raw);
            assertThat(sockets.register(new RawDemand("H0UPCNT0", "0001", Market.KOREA)))
                    .isEqualTo(Sockets.Placement.REQUESTED);
            sockets.release(new RawDemand("H0UPCNT0", "0001", Market.KOREA));

            sockets.release(TRADES);
            until("released", () -> !feed.isLive(APPLE));
            assertThat(sockets.appKeyOf(TRADES)).isEmpty();
        }
    }

    private Optional<PushFeed> lastFeed() {
        return store.last(APPLE).flatMap(LastTick::feed);
    }

    private KisClient client(KisSimulator simulator, Path folder, KisFeed feed) {
        var config = new KisConfig(
                Environment.LIVE_FACE,
                simulator.restBase(),
                simulator.wsBase(),
                new Credentials(
                        Secret.of("PLANTEDAPPKEY0123456789abcdefghijklm"),
                        Secret.of("PLANTEDSECRET".repeat(14).substring(0, 180)),
                        new AccountNumber("87654321", "01"),
                        Optional.of("PLANTEDHTSID")),
                TokenStore.in(folder.resolve("token"), Secret.of("PLANTEDSTOREKEY-0123456789")),
                Tuning.standard(LimitTable.load().on(Environment.LIVE_FACE, LocalDate.of(2026, 11, 20))),
                false,
                7);
        return KisClient.open(config, clock, clock, feed.socketListener(0, "K1"), RealtimeOptions.direct());
    }

    /** New York's session as this test sets it. */
    private final class Hours implements UsHours {
        @Override
        public UsWindow at(Instant now) {
            return new UsWindow(session, LocalDate.of(2026, 11, 20), Instant.MIN, Instant.MAX);
        }

        @Override
        public boolean hasDefinedEnd() {
            return true;
        }

        @Override
        public boolean isTradingDay(LocalDate date) {
            return true;
        }

        @Override
        public Instant endOf(LocalDate date) {
            return Instant.MAX;
        }
    }

    private final class Watch implements RegistrationListener {
        @Override
        public void acked(Demand demand) {}

        @Override
        public void lost(Demand demand) {
            lost.add(demand);
        }

        @Override
        public void refused(Demand demand) {
            lost.add(demand);
        }
    }
}
