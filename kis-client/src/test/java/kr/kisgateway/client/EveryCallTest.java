package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kr.kisgateway.client.rest.CatalogCalls;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RestCall;
import kr.kisgateway.wire.parse.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every call of the catalog through the client, over sockets, to a simulator of either environment that validates each request. */
@Tag("slow")
class EveryCallTest {
    private static final Catalog CATALOG = Catalog.load();

    @TempDir
    static Path folder;

    private static KisSimulator liveSimulator;
    private static KisSimulator paperSimulator;
    private static KisClient live;
    private static KisClient paper;

    @BeforeAll
    static void start() {
        liveSimulator = simulator(Face.LIVE);
        paperSimulator = simulator(Face.PAPER);
        live = client(Environment.LIVE_FACE, liveSimulator);
        paper = client(Environment.PAPER_FACE, paperSimulator);
    }

    @AfterAll
    static void stop() {
        live.close();
        paper.close();
        liveSimulator.close();
        paperSimulator.close();
    }

    static Stream<String> calls() {
        return CATALOG.restCalls().stream()
                .filter(call -> !call.category().equals("auth"))
                .map(RestCall::id);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void live_answers_with_what_the_catalog_promises(String id) {
        assertAnswered(live, "TTTC0012U", CATALOG.restById(id).orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("calls")
    @Requirement("A-18")
    void paper_answers_every_call_or_the_client_names_an_alternative(String id) {
        RestCall call = CATALOG.restById(id).orElseThrow();
        if (CatalogCalls.inPaper(call)) {
            assertAnswered(paper, "VTTC0012U", call);
        } else if (call.isOrder()) {
            assertThat(paper.send(name(call), parameters(call), CallOptions.standard()))
                    .isInstanceOfSatisfying(
                            Placement.NotSent.class, it -> assertThat(it.code()).isEqualTo("UNSUPPORTED"));
        } else {
            assertThat(paper.call(name(call), parameters(call))).isInstanceOfSatisfying(KisReply.Failed.class, it -> {
                assertThat(it.failure().kind()).isEqualTo(KisFailure.Kind.UNSUPPORTED);
                assertThat(it.failure().remedy()).isNotEmpty();
            });
        }
    }

    private static void assertAnswered(KisClient client, String buy, RestCall call) {
        if (call.isOrder()) {
            assertThat(client.send(name(call), order(client, buy, call), CallOptions.standard()))
                    .isInstanceOf(Placement.Accepted.class);
            return;
        }
        KisReply<KisAnswer> reply = client.call(name(call), parameters(call));
        assertThat(reply).isInstanceOf(KisReply.Ok.class);
        KisAnswer answer = ((KisReply.Ok<KisAnswer>) reply).value();
        for (RestCall.Block block : call.outputs()) {
            List<Row> rows = answer.rows(block.name());
            if (block.shape() == RestCall.Shape.OBJECT) {
                assertThat(rows).as(block.name()).hasSize(1);
            }
            for (Row row : rows) {
                block.columns().forEach(column -> row.text(column.name())); // throws when it is missing
            }
        }
    }

    private static String name(RestCall call) {
        if (call.id().equals("domestic_stock_order_cash")) {
            return "TTTC0012U"; // a sale would need shares
        }
        if (call.id().equals("domestic_stock_order_credit")) {
            return "TTTC0052U"; // a repayment would need a loan
        }
        String first = call.trIds().getFirst().live().orElseThrow();
        return CATALOG.restByTrId(first).size() == 1 ? first : call.id();
    }

    private static Map<String, String> parameters(RestCall call) {
        var parameters = new HashMap<String, String>();
        call.params().forEach(param -> param.example().ifPresent(example -> parameters.put(param.name(), example)));
        call.params().stream()
                .filter(param -> param.required() && param.example().isEmpty())
                .forEach(param -> parameters.put(param.name(), param.initial().equals("{htsid}") ? "MYHTS" : ""));
        call.paging().ifPresent(paging -> paging.keys().forEach(parameters::remove));
        parameters.keySet().removeAll(List.of("CANO", "ACNT_PRDT_CD"));
        return parameters;
    }

    /** The simulated market would refuse some of the samples' example orders. */
    private static Map<String, String> order(KisClient client, String buy, RestCall call) {
        var parameters = new HashMap<>(parameters(call));
        if (call.id().equals("domestic_stock_order_cash")) {
            parameters.putAll(resting());
        } else if (call.id().equals("domestic_stock_order_credit")) {
            parameters.putAll(resting());
            parameters.put("LOAN_DT", DateTimeFormatter.BASIC_ISO_DATE.format(LocalDate.now(TradingCalendar.SEOUL)));
        } else if (call.id().equals("domestic_stock_order_rvsecncl")) {
            var placed = (Placement.Accepted) client.send(buy, resting(), CallOptions.standard());
            parameters.putAll(Map.of(
                    "KRX_FWDG_ORD_ORGNO", placed.orgNo(),
                    "ORGN_ODNO", "%010d".formatted(placed.odno()),
                    "ORD_DVSN", "00",
                    "RVSE_CNCL_DVSN_CD", "02",
                    "ORD_QTY", "0",
                    "ORD_UNPR", "0",
                    "QTY_ALL_ORD_YN", "Y",
                    "EXCG_ID_DVSN_CD", "KRX"));
        } else if (call.id().matches("overseas_stock_(daytime_)?order_rvsecncl")) {
            RestCall order =
                    CATALOG.restById(call.id().replace("_rvsecncl", "")).orElseThrow();
            var placed = (Placement.Accepted) client.send(name(order), parameters(order), CallOptions.standard());
            parameters.putAll(Map.of("PDNO", "AAPL", "ORGN_ODNO", "%010d".formatted(placed.odno()), "ORD_QTY", "1"));
        }
        return parameters;
    }

    private static Map<String, String> resting() {
        return Map.of(
                "PDNO", "005930", "ORD_DVSN", "00", "ORD_QTY", "1", "ORD_UNPR", "150000", "EXCG_ID_DVSN_CD", "KRX");
    }

    private static KisSimulator simulator(Face face) {
        return KisSimulator.start(SimulatorConfig.defaults(folder.resolve(face.fileName()))
                .withFace(face)
                .withRates(100_000, 100_000)
                .withTicksPerSecond(0)
                .withSynchronous("OFF"));
    }

    private static KisClient client(Environment environment, KisSimulator simulator) {
        var recorder = new Recorder();
        var rest = URI.create("http://127.0.0.1:" + simulator.port());
        KisConfig config = Fixtures.config(
                environment,
                rest,
                URI.create("ws://127.0.0.1:" + simulator.port()),
                folder.resolve(environment.name()));
        Tuning eager = config.tuning()
                .withLimits(new Limits(100_000, 100_000, 41, 1_000))
                .withRetry(new RetryRule(0, Duration.ofMillis(1), Duration.ofMillis(1)));
        var clock = InstantSource.system();
        var client = KisClient.open(config.withTuning(eager), clock, clock, recorder);
        client.start();
        recorder.awaitEvent("token_issued");
        return client;
    }
}
