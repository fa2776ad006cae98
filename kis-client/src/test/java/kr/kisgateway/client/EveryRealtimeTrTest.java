package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.client.session.CatalogRegistrations;
import kr.kisgateway.client.session.SessionCore;
import kr.kisgateway.market.Side;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.OverseasSymbol;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.RealtimeTr;
import kr.kisgateway.wire.parse.OverseasNotice;
import kr.kisgateway.wire.parse.ParseResult;
import kr.kisgateway.wire.parse.RealtimeRow;
import kr.kisgateway.wire.parse.UntypedFrame;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every realtime TR of the catalog through the client, over a socket, to a simulator of either environment. */
@Tag("slow")
class EveryRealtimeTrTest {
    private static final Catalog CATALOG = Catalog.load();
    private static final Set<String> TYPED = Set.of("H0STCNT0", "H0STASP0", "H0STCNI0", "H0STCNI9");

    /** Columns added at the end on 2026-09-14, after the catalog. */
    private static final Map<String, Integer> NEW_COLUMNS = Map.of("H0NXCNT0", 1, "H0UNCNT0", 1, "H0UNASP0", 1);

    private final InstantSource clock = InstantSource.system();
    private final Recorder recorder = new Recorder();

    @TempDir
    Path folder;

    @Test
    void live_sends_all_sixty_and_each_value_has_the_name_of_the_catalog() {
        List<RealtimeTr> all = CATALOG.realtimeTrs();
        assertThat(all).hasSize(60);
        try (KisSimulator simulator = simulator(Face.LIVE);
                KisClient client = client(Environment.LIVE_FACE, simulator)) {
            receiveAll(client, all.subList(0, 30), Environment.LIVE_FACE, () -> interrupt(simulator));
            receiveAll(client, all.subList(30, 60), Environment.LIVE_FACE, () -> interrupt(simulator));
        }
    }

    @Test
    @Requirement("A-18")
    void paper_sends_its_trs_under_its_own_ids_and_others_are_refused_with_a_remedy() {
        try (KisSimulator simulator = simulator(Face.PAPER);
                KisClient client = client(Environment.PAPER_FACE, simulator)) {
            List<RealtimeTr> offered = CATALOG.realtimeTrs().stream()
                    .filter(tr -> tr.paperTrId().isPresent())
                    .toList();
            assertThat(offered)
                    .extracting(tr -> tr.paperTrId().orElseThrow())
                    .containsExactlyInAnyOrder("H0STCNT0", "H0STASP0", "H0STCNI9", "H0GSCNI9", "H0IFCNI9", "HDFSCNT0");
            receiveAll(client, offered, Environment.PAPER_FACE, () -> {});

            var catalogRegistrations =
                    new CatalogRegistrations(CATALOG, Environment.PAPER_FACE, Optional.empty(), false);
            for (RealtimeTr tr : CATALOG.realtimeTrs()) {
                if (tr.paperTrId().isEmpty()) {
                    assertThat(client.realtime().register(key(tr)))
                            .as(tr.trId())
                            .isEqualTo(RegisterAnswer.REFUSED);
                    assertThat(catalogRegistrations.prepare(key(tr)))
                            .isInstanceOfSatisfying(CatalogRegistrations.Prepared.Refused.class, it -> {
                                assertThat(it.failure().kind()).isEqualTo(KisFailure.Kind.UNSUPPORTED);
                                assertThat(it.failure().remedy()).isNotEmpty();
                            });
                }
            }
            assertThat(client.realtime().status().registrations()).isEqualTo(1);
        }
    }

    @Test
    void notices_are_exactly_the_trs_that_kis_encrypts() {
        for (RealtimeTr tr : CATALOG.realtimeTrs()) {
            for (String id : List.of(tr.trId(), tr.paperTrId().orElse(tr.trId()))) {
                assertThat(SessionCore.isNotice(new RealtimeKey(id, ""))).as(id).isEqualTo(tr.encrypted());
            }
        }
    }

    /** H0STMKO0 reports interruptions only: one of its example key. */
    private static void interrupt(KisSimulator simulator) {
        try (var http = HttpClient.newHttpClient()) {
            http.send(
                    HttpRequest.newBuilder(simulator.restBase().resolve("/simulator/market"))
                            .POST(HttpRequest.BodyPublishers.ofString("{\"interrupt\":\"417450\"}"))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** @param event triggers the messages that are only sent when it happens */
    private void receiveAll(KisClient client, List<RealtimeTr> trs, Environment environment, Runnable event) {
        for (RealtimeTr tr : trs) {
            // The client itself registers the domestic notices.
            assertThat(client.realtime().register(key(tr)))
                    .as(tr.trId())
                    .isEqualTo(
                            tr.trId().equals("H0STCNI0")
                                    ? RegisterAnswer.ALREADY_REGISTERED
                                    : RegisterAnswer.REGISTERED);
        }
        List<String> rows = trs.stream()
                .map(tr -> id(tr, environment))
                .filter(id -> !TYPED.contains(id))
                .toList();
        if (trs.stream().anyMatch(tr -> tr.trId().equals("H0GSCNI0"))) {
            recorder.await(
                    "the ack of the notices",
                    () -> List.copyOf(recorder.acked).stream()
                            .anyMatch(acked -> acked.trId().startsWith("H0GSCNI")));
            var apple = OverseasSymbol.parse("AAPL.NASD").orElseThrow();
            var order = new OverseasOrder(apple, Side.BUY, OverseasOrderType.LIMIT, 1, new BigDecimal("145.00"));
            assertThat(client.overseas().place(order)).isInstanceOf(Placement.Accepted.class);
        }
        if (rows.contains("H0STMKO0")) {
            recorder.await(
                    "the ack of the status",
                    () -> List.copyOf(recorder.acked).stream()
                            .anyMatch(acked -> acked.trId().equals("H0STMKO0")));
            event.run();
        }
        recorder.await("rows of all", () -> recorder.rows.keySet().containsAll(rows));
        if (trs.stream().anyMatch(tr -> TYPED.contains(tr.trId()))) {
            var bought = client.send(
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
            assertThat(bought).isInstanceOf(Placement.Accepted.class);
            recorder.await(
                    "trades, books and notices",
                    () -> !recorder.trades.isEmpty() && !recorder.books.isEmpty() && !recorder.notices.isEmpty());
        }
        for (RealtimeTr tr : trs) {
            if (!TYPED.contains(tr.trId())) {
                check(tr, recorder.rows.get(id(tr, environment)));
            }
        }
        assertThat(recorder.badFrames).as(recorder.badFrame).isZero();
        trs.stream()
                .filter(tr -> !tr.trId().equals("H0STCNI0"))
                .forEach(tr -> client.realtime().release(key(tr)));
        assertThat(client.realtime().awaitReleased(Duration.ofSeconds(20))).isTrue();
    }

    private static void check(RealtimeTr tr, UntypedFrame frame) {
        assertThat(frame.columns()).as(tr.trId()).isEqualTo(tr.columnNames());
        for (RealtimeRow row : frame.rows()) {
            assertThat(row.extra()).as(tr.trId()).hasSize(NEW_COLUMNS.getOrDefault(tr.trId(), 0));
            tr.columns().forEach(column -> row.text(column.name())); // throws when it is missing
            if (OverseasNotice.isNotice(row)) {
                assertThat(OverseasNotice.of(row)).isInstanceOf(ParseResult.Ok.class);
            }
        }
        if (!tr.encrypted() && !tr.trId().equals("H0UNMKO0")) {
            assertThat(frame.records().getFirst().getFirst()).as(tr.trId()).isEqualTo(key(tr).trKey());
        }
    }

    private static String id(RealtimeTr tr, Environment environment) {
        return environment == Environment.PAPER_FACE ? tr.paperTrId().orElseThrow() : tr.trId();
    }

    private static RealtimeKey key(RealtimeTr tr) {
        return new RealtimeKey(tr.trId(), tr.keyExample().orElse(Fixtures.HTS_ID));
    }

    private KisSimulator simulator(Face face) {
        return KisSimulator.start(SimulatorConfig.defaults(folder.resolve(face.fileName()))
                .withFace(face)
                // The limits of the live environment, as the client has them: the subject here is reception.
                .withRates(18, 10)
                .withTicksPerSecond(20)
                .withSynchronous("OFF"));
    }

    private KisClient client(Environment environment, KisSimulator simulator) {
        KisClient client = KisClient.open(
                Fixtures.config(environment, simulator.restBase(), simulator.wsBase(), folder), clock, clock, recorder);
        client.start();
        recorder.awaitEvent("token_issued");
        return client;
    }
}
