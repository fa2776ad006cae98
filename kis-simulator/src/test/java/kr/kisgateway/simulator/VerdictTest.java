package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.simulator.broker.ConformanceLimits;
import kr.kisgateway.simulator.broker.Verdict;
import kr.kisgateway.simulator.broker.Violation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The verdict on the simulator's clients, over real sockets, with a clock that stands still. */
@Tag("slow")
class VerdictTest {
    private static final String CANO = "40000001";
    private static final String KEY = "PSAAAA000000000000000000000000000001";

    @TempDir
    Path folder;

    private final SteppedClock clock = new SteppedClock(Instant.parse("2026-11-20T01:30:00Z"));
    private KisSimulator simulator;
    private RawClient client;

    @BeforeEach
    void start() {
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new OpenCalendar(), clock)
                .withPingPeriod(Duration.ofSeconds(100)));
        client = new RawClient(simulator, KEY).login();
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private void advance(Duration time) {
        clock.advance(time);
        simulator.faults().json();
    }

    private String buy(String price) {
        return RawClient.json(client.order(CANO, "TTTC0012U", "005930", "00", "1", price)
                        .body())
                .path("msg_cd")
                .asString();
    }

    @Test
    void a_conforming_client_has_a_clean_verdict() throws Exception {
        String approval = client.approvalKey();
        try (var stream = client.stream()) {
            stream.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
            stream.await("OPSP0000");
            buy("190000");
            buy("190100");
            client.balance(CANO);
            client.daily(CANO);
            advance(Duration.ofSeconds(100));
            stream.send(stream.await("PINGPONG"));
            stream.send(RawClient.subscribe(approval, "2", "H0STASP0", "000660"));
            stream.await("OPSP0003");
            advance(Duration.ofSeconds(100));
            stream.send(stream.await("PINGPONG"));
            stream.send(RawClient.subscribe(approval, "2", "H0STASP0", "000660"));
            stream.await("OPSP0003");
            stream.send(RawClient.subscribe(approval, "2", "H0STCNT0", "005930"));
            stream.await("OPSP0001");
        }

        Verdict verdict = simulator.verdict();
        assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
        assertThat(verdict.clients())
                .singleElement()
                .satisfies(one -> assertThat(one.key()).startsWith("PSAA***").hasSize(11));
    }

    /** The action of a test, and the expected count of the violation. */
    private record ViolationCase(Violation violation, long times, Consumer<VerdictTest> action) {
        @Override
        public String toString() {
            return violation.fieldName();
        }
    }

    static Stream<ViolationCase> violationCases() {
        return Stream.of(
                new ViolationCase(Violation.CALLS_OVER_LIMIT, 3, test -> test.prices(21)),
                new ViolationCase(Violation.LEDGER_CALLS_OVER_LIMIT, 2, test -> test.balances(12)),
                new ViolationCase(Violation.TOKENS_OVER_LIMIT, 1, test -> test.loginTwice()),
                new ViolationCase(Violation.DUPLICATE_ORDERS, 1, test -> test.buyAfter(Duration.ofSeconds(9))),
                new ViolationCase(Violation.REPEATED_REFUSALS, 1, VerdictTest::tooDearTwice),
                new ViolationCase(Violation.OFF_TICK_PRICES, 1, test -> test.buy("190001")),
                new ViolationCase(Violation.RECONNECT_LOOPS, 2, test -> test.sessions(7)),
                new ViolationCase(Violation.REGISTRATION_LOOPS, 1, test -> test.registrations(6)),
                new ViolationCase(Violation.REGISTRATIONS_LEAKED, 2, VerdictTest::closeWithTwoOpen),
                new ViolationCase(Violation.REGISTRATIONS_OVER_LIMIT, 1, VerdictTest::fortyTwo),
                new ViolationCase(Violation.UNANSWERED_PINGS, 1, VerdictTest::sleepThroughPings),
                new ViolationCase(Violation.UNKNOWN_TR_IDS, 2, VerdictTest::unknownTrs),
                new ViolationCase(Violation.MISSING_HEADERS, 1, test -> test.client.get(PRICE, Map.of("tr_id", ""))));
    }

    private static final String PRICE =
            "/uapi/domestic-stock/v1/quotations/inquire-price" + "?FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD=005930";

    @ParameterizedTest
    @MethodSource("violationCases")
    void each_violation_is_counted_for_its_app_key_and_nothing_else_is(ViolationCase violationCase) {
        violationCase.action().accept(this);

        Verdict verdict = simulator.verdict();
        assertThat(verdict.count(violationCase.violation()))
                .as(verdict.toString())
                .isEqualTo(violationCase.times());
        // A call without a TR id has an unknown one too.
        assertThat(verdict.isCleanExcept(violationCase.violation(), Violation.UNKNOWN_TR_IDS))
                .as(verdict.toString())
                .isTrue();
        assertThat(verdict.isClean()).isFalse();
        assertThat(verdict.sentences())
                .anySatisfy(sentence -> assertThat(sentence)
                        .startsWith("PSAA***")
                        .contains(": " + violationCase.times() + " "
                                + violationCase.violation().sentence()));
    }

    @Test
    void every_violation_has_its_test() {
        List<Violation> tested =
                new ArrayList<>(violationCases().map(ViolationCase::violation).toList());
        // This one needs a market that closes.
        tested.add(Violation.ORDERS_OUTSIDE_SESSIONS);
        assertThat(tested).containsExactlyInAnyOrder(Violation.values());
    }

    private void loginTwice() {
        String answer = client.post(
                        "/oauth2/tokenP",
                        Map.of(),
                        "{\"grant_type\":\"client_credentials\",\"appkey\":\"" + KEY + "\",\"appsecret\":\""
                                + client.secret + "\"}")
                .body();
        assertThat(answer).contains("EGW00133");
    }

    private void prices(int times) {
        for (int i = 0; i < times; i++) {
            client.get(PRICE, Map.of("tr_id", "FHKST01010100"));
        }
    }

    private void balances(int times) {
        for (int i = 0; i < times; i++) {
            client.balance(CANO);
        }
    }

    private void buyAfter(Duration time) {
        assertThat(buy("190000")).isEqualTo("APBK0013");
        advance(time);
        assertThat(buy("190000")).isEqualTo("APBK0013");
    }

    private void tooDearTwice() {
        for (int i = 0; i < 2; i++) {
            assertThat(client.order(CANO, "TTTC0012U", "005930", "00", "999999", "190000")
                            .body())
                    .contains("APBK0952");
        }
    }

    /** Opens sessions one after another, each with a registration that is released. */
    private void sessions(int times) {
        withStream(approval -> {
            for (int i = 0; i < times; i++) {
                try (var stream = client.stream()) {
                    String closed = closedSessions();
                    stream.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
                    stream.await("OPSP0000");
                    stream.send(RawClient.subscribe(approval, "2", "H0STCNT0", "005930"));
                    stream.await("OPSP0001");
                    stream.close();
                    awaitClosed(closed);
                }
            }
        });
    }

    private interface StreamAction {
        void with(String approval) throws Exception;
    }

    private void withStream(StreamAction deed) {
        try {
            deed.with(client.approvalKey());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private String closedSessions() {
        return RawClient.json(client.get("/simulator/state", Map.of()).body())
                .path("sockets")
                .path("sessions_closed")
                .asString();
    }

    private void awaitClosed(String before) {
        while (closedSessions().equals(before)) {
            Thread.onSpinWait();
        }
    }

    private void registrations(int times) {
        withStream(approval -> {
            try (var stream = client.stream()) {
                for (int i = 0; i < times; i++) {
                    stream.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
                    stream.await("OPSP0000");
                    stream.send(RawClient.subscribe(approval, "2", "H0STCNT0", "005930"));
                    stream.await("OPSP0001");
                }
            }
        });
    }

    private void closeWithTwoOpen() {
        withStream(approval -> {
            String closed = closedSessions();
            try (var stream = client.stream()) {
                stream.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
                stream.await("OPSP0000");
                stream.send(RawClient.subscribe(approval, "1", "H0STASP0", "005930"));
                stream.await("OPSP0000");
            }
            awaitClosed(closed);
        });
    }

    private void fortyTwo() {
        withStream(approval -> {
            List<String> codes = Arrays.asList(
                    ("005930 000660 000270 005380 005490 035420 035720 051910 006400 068270 105560 055550 012330 028260"
                                    + " 066570 003550 015760 017670 030200 032830 033780 034730 086790 096770 009150"
                                    + " 010130 010950 011070 011170 018260 024110 036570 047810 090430 097950 000100"
                                    + " 000720 000810 001040 002790 003490 004020")
                            .split(" "));
            assertThat(codes).hasSize(42);
            var stream = client.stream();
            for (String code : codes) {
                stream.send(RawClient.subscribe(approval, "1", "H0STCNT0", code));
                stream.await("\"msg_cd\"");
            }
            assertThat(stream.all.getLast()).contains("OPSP0008");
        });
    }

    private void sleepThroughPings() {
        withStream(approval -> {
            var stream = client.stream();
            stream.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
            stream.await("OPSP0000");
            advance(Duration.ofSeconds(100));
            advance(Duration.ofSeconds(100));
            stream.await(RawClient.Stream.CLOSED + "1000");
        });
    }

    private void unknownTrs() {
        client.get(PRICE, Map.of("tr_id", "FHKST99999999"));
        withStream(approval -> {
            var stream = client.stream();
            stream.send(RawClient.subscribe(approval, "1", "H0STXXX0", "005930"));
            stream.await("OPSP8991");
        });
    }

    @Test
    void orders_while_the_market_is_closed_are_counted() {
        try (KisSimulator closed = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("closed.db"))
                .withTime(new KrxCalendar(), new SteppedClock(Instant.parse("2026-11-21T01:30:00Z"))))) {
            new RawClient(closed, KEY).login().order(CANO, "TTTC0012U", "005930", "00", "1", "190000");

            assertThat(closed.verdict().count(Violation.ORDERS_OUTSIDE_SESSIONS))
                    .isEqualTo(1);
        }
    }

    @Test
    void the_same_order_after_a_while_is_no_duplicate() {
        buyAfter(Duration.ofSeconds(10));

        assertThat(simulator.verdict().isClean()).isTrue();
    }

    @Test
    void the_time_within_which_equal_orders_are_duplicates_can_be_configured() {
        try (KisSimulator strict = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("strict.db"))
                .withTime(new OpenCalendar(), clock)
                .withConformanceLimits(ConformanceLimits.defaults().duplicateWindow(Duration.ofMinutes(5))))) {
            client = new RawClient(strict, KEY).login();
            buyAfter(Duration.ofMinutes(4));

            assertThat(strict.verdict().count(Violation.DUPLICATE_ORDERS)).isEqualTo(1);
        }
    }

    @Test
    void an_unanswered_order_may_be_resent_only_if_the_order_list_does_not_show_it() {
        simulator.faults().next("timeouts_before", 1);
        assertThat(buy("190000")).isEqualTo("EGW00301");
        client.daily(CANO);
        assertThat(buy("190000")).isEqualTo("APBK0013");
        assertThat(simulator.verdict().isClean()).as("looked up, not there").isTrue();

        simulator.faults().next("timeouts_before", 1);
        assertThat(buy("180000")).isEqualTo("EGW00301");
        assertThat(buy("180000")).isEqualTo("APBK0013");
        assertThat(simulator.verdict().count(Violation.DUPLICATE_ORDERS))
                .as("blindly")
                .isEqualTo(1);

        simulator.faults().next("lose_answers", 1);
        try {
            throw new AssertionError(buy("170000"));
        } catch (UncheckedIOException lost) {
            // As it should be: the order is there.
        }
        client.daily(CANO);
        assertThat(buy("170000")).isEqualTo("APBK0013");
        assertThat(simulator.verdict().count(Violation.DUPLICATE_ORDERS))
                .as("it was there")
                .isEqualTo(2);
    }

    @Test
    void injected_faults_are_not_counted_as_violations() throws Exception {
        simulator.faults().next("rate_limit_storm", 1).next("ledger_limit_storm", 1);
        client.get(PRICE, Map.of("tr_id", "FHKST01010100"));
        client.balance(CANO);
        String approval = client.approvalKey();
        try (var stream = client.stream()) {
            stream.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
            stream.await("OPSP0000");
            simulator.faults().on("drop_sockets");
            stream.await(RawClient.Stream.CLOSED + "1006");
        }
        assertThat(simulator.verdict().isClean())
                .as(simulator.verdict().toString())
                .isTrue();
    }

    @Test
    void the_verdict_is_served_over_http_on_both_paths_and_names_no_secret() {
        prices(20);
        String json = client.get("/simulator/verdict", Map.of()).body();

        assertThat(json)
                .startsWith("{\"clean\":false,\"clients\":[{\"key\":\"PSAA***")
                .contains("\"calls_over_limit\":2")
                .contains("2 calls over the limit of calls a second (EGW00201)")
                .doesNotContain(KEY, client.secret, CANO);
        assertThat(client.get("/_sim/verdict", Map.of()).body()).isEqualTo(json);

        assertThat(client.post("/simulator/verdict", Map.of(), "{\"clear\":true}")
                        .body())
                .isEqualTo(json);
        assertThat(client.get("/simulator/verdict", Map.of()).body()).startsWith("{\"clean\":true");
    }
}
