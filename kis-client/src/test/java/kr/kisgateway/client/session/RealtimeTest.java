package kr.kisgateway.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.Fixtures;
import kr.kisgateway.client.GapCause;
import kr.kisgateway.client.GapRestored;
import kr.kisgateway.client.KisAnswer;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.ListenerHandle;
import kr.kisgateway.client.RealtimeOptions;
import kr.kisgateway.client.RealtimePool;
import kr.kisgateway.client.RealtimeStatus;
import kr.kisgateway.client.Recorder;
import kr.kisgateway.client.SessionPlan;
import kr.kisgateway.client.rest.CatalogCalls;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RealtimeKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gaps, listeners and plans of the realtime session, over real sockets. */
@Tag("slow")
class RealtimeTest {
    private static final RealtimeKey TRADES = new RealtimeKey("H0STCNT0", "005930");
    private static final RealtimeKey BOOKS = new RealtimeKey("H0STASP0", "005930");
    private static final RealtimeKey NOTICES = new RealtimeKey("H0STCNI0", Fixtures.HTS_ID);

    private final InstantSource clock = InstantSource.system();
    private final Recorder recorder = new Recorder();

    @TempDir
    private Path folder;

    private KisSimulator simulator;

    @BeforeEach
    void start() {
        simulator = KisSimulator.start(
                SimulatorConfig.defaults(folder.resolve("sim.db")).withTicksPerSecond(20));
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    @Requirement("I-01")
    void after_a_disconnect_each_key_has_a_gap_and_its_current_state_is_restored_by_rest() throws Exception {
        try (KisClient client = open(RealtimeOptions.standard())) {
            client.realtime().register(TRADES);
            client.realtime().register(BOOKS);
            client.realtime().register(new RealtimeKey("H0STPGM0", "005930"));
            recorder.await("acks", () -> recorder.acked.size() == 4);
            fault("{\"drop_sockets\":true}");
            recorder.await("all four", () -> recorder.restored.size() == 4);
            Map<String, GapRestored> restored = new HashMap<>();
            recorder.restored.forEach(it -> restored.put(it.key().trId(), it));
            assertThat(restored.values()).allSatisfy(it -> {
                assertThat(it.from()).isBefore(it.to());
                assertThat(it.cause().kind()).isEqualTo(GapCause.Kind.RECONNECT);
            });
            assertThat(answer(restored.get("H0STCNT0"))
                            .row("output")
                            .orElseThrow()
                            .won("stck_prpr"))
                    .isPositive();
            assertThat(answer(restored.get("H0STASP0"))
                            .row("output1")
                            .orElseThrow()
                            .won("askp1"))
                    .isPositive();
            assertThat(restored.get("H0STCNI0").present()).isInstanceOf(KisReply.Failed.class);
            assertThat(restored.get("H0STPGM0").present())
                    .isInstanceOfSatisfying(
                            KisReply.Failed.class,
                            it -> assertThat(it.failure().msg1()).contains("H0STPGM0"));
        }
    }

    @Test
    void after_a_disconnect_nothing_is_requested_when_restoring_is_disabled() throws Exception {
        try (KisClient client = open(RealtimeOptions.standard().withRestoreGaps(false))) {
            client.realtime().register(TRADES);
            recorder.await("acks", () -> recorder.acked.size() == 2);
            fault("{\"drop_sockets\":true}");
            recorder.await("gaps", () -> recorder.gaps.size() == 2);
            recorder.await("a trade again", () -> recorder.acked.size() == 4);
        }
        assertThat(recorder.restored).isEmpty();
    }

    @Test
    void every_restoring_rest_call_is_in_the_catalog_and_answered() {
        try (KisClient client = open(RealtimeOptions.standard())) {
            recorder.awaitEvent("token_issued");
            var catalogCalls = new CatalogCalls(Catalog.load(), Environment.LIVE_FACE, Fixtures.ACCOUNT, false);
            assertThat(GapRepair.loadTable()).hasSizeGreaterThan(30).allSatisfy((trId, line) -> {
                var tr = Catalog.load().realtime(trId).orElseThrow();
                var query = GapRepair.restoreQuery(
                                new RealtimeKey(trId, tr.keyExample().orElseThrow()))
                        .orElseThrow();
                assertThat(catalogCalls.prepare(query.call(), false, query.parameters()))
                        .as(trId)
                        .isInstanceOf(CatalogCalls.Prepared.Ready.class);
            });
            for (String trId : List.of("HDFSCNT0", "H0UPCNT0", "H0IFASP0", "H0BJCNT0", "HDFFF020")) {
                var key = new RealtimeKey(
                        trId,
                        Catalog.load().realtime(trId).orElseThrow().keyExample().orElseThrow());
                var query = GapRepair.restoreQuery(key).orElseThrow();
                assertThat(client.call(query.call(), query.parameters()))
                        .as(trId)
                        .isInstanceOf(KisReply.Ok.class);
            }
            assertThat(GapRepair.restoreQuery(new RealtimeKey("HDFSCNT0", "DNASAAPL"))
                            .orElseThrow()
                            .parameters())
                    .containsEntry("EXCD", "NAS")
                    .containsEntry("SYMB", "AAPL");
        }
    }

    @Test
    void a_stalled_listener_loses_ticks_and_the_others_lose_nothing() throws Exception {
        var release = new CountDownLatch(1);
        var slow = new Recorder() {
            @Override
            public void trade(Trade trade) {
                standStill(release);
            }

            @Override
            public void book(OrderBook book) {
                standStill(release);
            }
        };
        var broken = new Recorder() {
            @Override
            public void trade(Trade trade) {
                throw new IllegalStateException("a bug of the listener");
            }
        };
        try (KisClient client = open(RealtimeOptions.standard().withMailbox(200))) {
            ListenerHandle stalled = client.realtime().listen("slow", slow);
            ListenerHandle failing = client.realtime().listen("broken", broken);
            client.realtime().register(TRADES);
            client.realtime().register(BOOKS);
            recorder.await("trades and books", () -> recorder.trades.size() > 100 && recorder.books.size() > 50);
            recorder.awaitEvent("market_data_dropped");
            assertThat(stalled.dropped()).isPositive();
            assertThat(failing.failed()).isPositive();
            assertThat(failing.dropped()).isZero();
            broken.await("its books", () -> broken.books.size() > 10);
            client.send(
                    "TTTC0012U",
                    Map.of(
                            "PDNO",
                            "005930",
                            "ORD_DVSN",
                            "01",
                            "ORD_QTY",
                            "1",
                            "ORD_UNPR",
                            "0",
                            "EXCG_ID_DVSN_CD",
                            "KRX"),
                    CallOptions.standard());
            recorder.await("its notices", () -> recorder.notices.size() >= 2);
            release.countDown();
            slow.await("the notices", () -> slow.notices.size() == recorder.notices.size());
            stalled.close();
            int eventsBefore = slow.events.size();
            client.realtime().reconnect();
            recorder.await("acks again", () -> recorder.acked.size() >= 6);
            assertThat(slow.events).hasSize(eventsBefore);
        }
    }

    @Test
    void truncated_and_garbled_frames_are_counted_and_reported_and_the_session_stays_open() throws Exception {
        try (KisClient client = open(RealtimeOptions.standard())) {
            var index = new RealtimeKey("H0UPCNT0", "0001");
            client.realtime().register(TRADES);
            client.realtime().register(index);
            recorder.await("trades and rows", () -> !recorder.trades.isEmpty() && !recorder.rows.isEmpty());
            fault("{\"truncate_frames\":8,\"garble_frames\":8}");
            recorder.await("all of them", () -> recorder.badFrames == 16);
            int before = recorder.trades.size();
            recorder.await("trades again", () -> recorder.trades.size() > before + 3);
            RealtimeStatus status = client.realtime().status();
            assertThat(status.connected()).isTrue();
            assertThat(status.reconnectCount()).isZero();
        }
    }

    @Test
    void a_direct_listener_that_throws_does_not_affect_a_mailbox_listener() throws Exception {
        var thrown = new Recorder() {
            @Override
            public void trade(Trade trade) {
                super.trade(trade);
                throw new IllegalStateException("a bug of the listener");
            }
        };
        try (KisClient client = KisClient.open(
                Fixtures.config(simulator.restBase(), simulator.wsBase(), folder),
                clock,
                clock,
                thrown,
                RealtimeOptions.direct())) {
            client.start();
            client.realtime().listen("second", recorder);
            client.realtime().register(TRADES);
            recorder.await("its trades", () -> recorder.trades.size() > 20);
            thrown.await("the first one's", () -> thrown.trades.size() > 20);
            fault("{\"drop_sockets\":true}");
            thrown.await("gaps", () -> thrown.gaps.size() == 2);
            int before = thrown.trades.size();
            thrown.await("trades again", () -> thrown.trades.size() > before);
        }
        assertThat(thrown.restored).isEmpty();
        assertThat(recorder.restored).isEmpty();
    }

    @Test
    @Requirement(value = "G-09", clause = "automatic")
    void the_first_tick_after_a_disconnect_arrives_within_a_second_and_a_half() throws Exception {
        List<Long> millis = new ArrayList<>();
        List<Long> firstMillis = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            var own = new Recorder();
            long opened = System.nanoTime();
            try (KisClient client = open(own, i)) {
                client.realtime().register(TRADES);
                own.await("a trade", () -> !own.trades.isEmpty());
                firstMillis.add((System.nanoTime() - opened) / 1_000_000);
                fault("{\"drop_sockets\":true}");
                long cut = System.nanoTime();
                own.awaitEvent("ws_closed");
                int before = own.trades.size();
                own.await("the next trade", () -> own.trades.size() > before);
                millis.add((System.nanoTime() - cut) / 1_000_000);
            }
        }
        millis.sort(null);
        firstMillis.sort(null);
        System.out.println("first tick after a cut, ms: " + millis + ", of a client that is opened: " + firstMillis);
        // A pause of up to 1.2 s; on a slow machine then the time that it takes to connect.
        assertThat(millis.get(2)).isLessThan(Math.max(1_500, 1_200 + firstMillis.get(2)));
    }

    @Test
    @Requirement("I-02")
    void a_key_outside_its_plans_windows_is_not_registered() {
        SessionPlan domestic = SessionPlan.alternating().splitAcross(2).getFirst();
        try (KisClient client = open(RealtimeOptions.standard().withPlan(domestic))) {
            recorder.await("notices", () -> recorder.acked.contains(NOTICES));
            assertThat(client.realtime().acquireRegistration(new RealtimeKey("HDFSCNT0", "DNASAAPL")))
                    .isInstanceOfSatisfying(
                            KisReply.Failed.class,
                            it -> assertThat(it.failure().msg1()).contains("DOMESTIC"));
            assertThat(client.realtime().acquireRegistration(TRADES)).isInstanceOf(KisReply.Ok.class);
            recorder.await("trades", () -> recorder.acked.contains(TRADES));
        }
    }

    @Test
    @Requirement("A-04")
    void a_registration_that_kis_refused_can_be_acquired_again_through_a_pool() {
        try (KisClient client = open(RealtimeOptions.standard())) {
            var pool = new RealtimePool(List.of(client.realtime()));
            var unlisted = new RealtimeKey("H0STCNT0", "999998");
            assertThat(pool.acquireRegistration(unlisted)).isInstanceOf(KisReply.Ok.class);
            recorder.awaitEvent("registration_refused");
            assertThat(pool.acquireRegistration(unlisted)).isInstanceOf(KisReply.Ok.class);
            recorder.await(
                    "another refusal",
                    () -> recorder.names().stream()
                                    .filter("registration_refused"::equals)
                                    .count()
                            == 2);
        }
    }

    private static void standStill(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static KisAnswer answer(GapRestored restored) {
        assertThat(restored.present()).isInstanceOf(KisReply.Ok.class);
        return ((KisReply.Ok<KisAnswer>) restored.present()).value();
    }

    private KisClient open(RealtimeOptions options) {
        KisClient client = KisClient.open(
                Fixtures.config(simulator.restBase(), simulator.wsBase(), folder), clock, clock, recorder, options);
        client.start();
        return client;
    }

    private KisClient open(Recorder own, int number) {
        KisClient client = KisClient.open(
                Fixtures.config(simulator.restBase(), simulator.wsBase(), folder.resolve("own" + number)),
                clock,
                clock,
                own);
        client.start();
        return client;
    }

    private void fault(String json) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(simulator.restBase() + "/simulator/faults"))
                            .timeout(Duration.ofSeconds(5))
                            .POST(HttpRequest.BodyPublishers.ofString(json))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }
}
