package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.client.budget.Grant;
import kr.kisgateway.market.OpenFixedCalendar;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.RealtimeKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Korean and US registrations by the clock in Seoul, over real sockets: from a minute and a half before the change. */
@Requirement("I-02")
@Tag("slow")
class PlanChangeTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final RealtimeKey KOREAN_TRADES = new RealtimeKey("H0STCNT0", "005930");
    private static final RealtimeKey US_TRADES = new RealtimeKey("HDFSCNT0", "DNASAAPL");
    private static final RealtimeKey NOTICES = new RealtimeKey("H0STCNI0", Fixtures.HTS_ID);
    private static final Duration BEFORE = Duration.ofSeconds(90);

    private final AtomicReference<Duration> shift =
            new AtomicReference<>(until(LocalTime.of(16, 30)).minus(BEFORE));
    private final InstantSource clock = () -> InstantSource.system().instant().plus(shift.get());
    private final Recorder recorder = new Recorder();

    @TempDir
    private Path folder;

    private KisSimulator simulator;

    @BeforeEach
    void start() {
        var today = clock.instant().atZone(TradingCalendar.SEOUL).toLocalDate();
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("sim.db"))
                .withTime(new OpenFixedCalendar(today), clock)
                .withTicksPerSecond(20));
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    @Requirement(value = "I-02", clause = "one-key")
    @Requirement(value = "I-02", clause = "change")
    void at_the_plan_change_one_app_key_switches_from_korean_to_us_keys_and_loses_no_notice() {
        var config = Fixtures.config(simulator.restBase(), simulator.wsBase(), folder);
        var options = RealtimeOptions.direct().withPlan(SessionPlan.alternating());
        try (KisClient client = KisClient.open(config, clock, clock, recorder, options)) {
            client.start();
            assertThat(client.realtime().acquireRegistration(Set.of(KOREAN_TRADES, US_TRADES)))
                    .isInstanceOf(KisReply.Ok.class);
            recorder.await("Korea", () -> recorder.acked.containsAll(Set.of(NOTICES, KOREAN_TRADES)));
            assertThat(recorder.acked).doesNotContain(US_TRADES);

            var before = new HashSet<Long>(List.of(buy(client)));
            var after = new HashSet<Long>();
            advanceToChange();
            while (!recorder.names().contains("unsubscribed") || after.size() < 5) {
                assertThat(clock.instant()).isBefore(changeAt().plusSeconds(20));
                var odno = buy(client);
                // Reading the status makes the session check the clock, whose jump is not expected.
                client.realtime().status();
                (recorder.names().contains("session_plan_changed") ? after : before).add(odno);
            }
            recorder.await("the US trades", () -> recorder.acked.contains(US_TRADES));
            var all = new HashSet<>(before);
            all.addAll(after);
            recorder.await("every fill", () -> filled().containsAll(all));

            assertThat(recorder.acked.stream().filter(NOTICES::equals)).hasSize(1);
            assertThat(recorder.connections).isEqualTo(1);
            assertThat(recorder.gaps).isEmpty();
            assertThat(client.realtime().status().registrations()).isEqualTo(2);
        }
    }

    @Test
    @Requirement(value = "I-02", clause = "two-keys")
    @Requirement("A-04")
    void two_app_keys_keep_korean_and_us_keys_on_two_sockets_without_a_change() {
        var usRecorder = new Recorder();
        var plans = SessionPlan.alternating().splitAcross(2);
        var config = Fixtures.config(simulator.restBase(), simulator.wsBase(), folder);
        var second = new KisConfig(
                config.environment(),
                config.restBase(),
                config.wsBase(),
                new Credentials(
                        Secret.of("PLANTEDSECONDAPPKEY0123456789abcdefg"),
                        Secret.of(Fixtures.APP_SECRET),
                        Fixtures.ACCOUNT,
                        Optional.empty()),
                TokenStore.in(folder.resolve("token-2"), Secret.of(Fixtures.STORE_KEY)),
                config.tuning(),
                false,
                8);
        try (KisClient koreanClient = open(config, recorder, plans.getFirst());
                KisClient usClient = open(second, usRecorder, plans.getLast())) {
            koreanClient.start();
            usClient.start();
            var pool = new RealtimePool(List.of(koreanClient.realtime(), usClient.realtime()));
            assertThat(pool.acquireRegistration(Set.of(KOREAN_TRADES, US_TRADES)))
                    .isInstanceOf(KisReply.Ok.class);
            recorder.await("Korea", () -> recorder.acked.containsAll(Set.of(NOTICES, KOREAN_TRADES)));
            usRecorder.await("the US trades", () -> usRecorder.acked.contains(US_TRADES));
            advanceToChange();
            recorder.await("the change's time", () -> {
                pool.status();
                return !clock.instant().isBefore(changeAt().plusMillis(300));
            });
            assertThat(recorder.acked).hasSize(2);
            assertThat(usRecorder.acked).containsExactly(US_TRADES);
            assertThat(recorder.names()).doesNotContain("session_plan_changed", "unsubscribed");
        }
    }

    private Instant changeAt() {
        var today = clock.instant().atZone(TradingCalendar.SEOUL).toLocalDate();
        return today.atTime(16, 30).atZone(TradingCalendar.SEOUL).toInstant();
    }

    private KisClient open(KisConfig config, Recorder listener, SessionPlan plan) {
        return KisClient.open(
                config, clock, clock, listener, RealtimeOptions.direct().withPlan(plan));
    }

    private Set<Long> filled() {
        var filled = new HashSet<Long>();
        recorder.notices.stream()
                .filter(notice -> notice.kind() == ExecutionNotice.Kind.FILL)
                .forEach(notice -> filled.add(notice.odno()));
        return filled;
    }

    private long buy(KisClient client) {
        var until = clock.instant().plusSeconds(10);
        var permit = ((Grant.Granted) Fixtures.budget(client).acquire(Lane.MARKET_ORDER, "t", true, until)).permit();
        Placement placed = client.place(permit, new PlaceOrder(SAMSUNG, Side.BUY, OrderType.MARKET, 1, 0, Venue.KRX));
        assertThat(placed).isInstanceOf(Placement.Accepted.class);
        return ((Placement.Accepted) placed).odno();
    }

    /** Moves the clock to half a second before the change. */
    private void advanceToChange() {
        shift.updateAndGet(
                it -> it.plus(Duration.between(clock.instant(), changeAt().minusMillis(500))));
    }

    private static Duration until(LocalTime time) {
        var now = InstantSource.system().instant().atZone(TradingCalendar.SEOUL);
        return Duration.between(now, now.with(time));
    }
}
