package kr.kisgateway.simulator.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.simulator.broker.BrokerCore;
import kr.kisgateway.simulator.broker.BrokerRules;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.broker.Scenario;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A listing that throws represents any defect of the core. */
@Tag("slow")
class CoreRunnerTest {
    private static final String KEY = "PSTESTKEY0000000000000000000000000001";
    private static final String SECRET = "s".repeat(180);
    private static final String FAILING = "000660";
    private static final String FAILING_TOO = "005380";
    private static final String SLOW = "035420";

    @TempDir
    Path folder;

    private final CountDownLatch gate = new CountDownLatch(1);
    private final Set<String> failingSymbols = ConcurrentHashMap.newKeySet();
    private CoreRunner runner;
    private String token = "";

    @BeforeEach
    void start() {
        Instruments listing = Instruments.load();
        Function<Symbol, Optional<Instrument>> find = symbol -> {
            if (symbol.code().equals(SLOW)) {
                await(gate);
            }
            if (failingSymbols.contains(symbol.code())) {
                throw new IllegalStateException("a defect");
            }
            return listing.find(symbol);
        };
        BrokerRules rules =
                new BrokerRules(1, 1_000, 1_000, 41, 0, Duration.ofSeconds(100), Duration.ofMillis(100), false);
        runner = new CoreRunner(
                () -> Store.open(folder.resolve("kis.db"), "OFF"),
                (stored, now) -> new BrokerCore(rules, new OpenCalendar(), find, stored, now),
                Scenario.none(),
                InstantSource.system(),
                1,
                new SocketHub(Optional.empty()));
        runner.start();
        token = answer(call(
                        "/oauth2/tokenP",
                        "",
                        Map.of("grant_type", "client_credentials", "appkey", KEY, "appsecret", SECRET)))
                .body()
                .replaceFirst(".*\"access_token\":\"([^\"]*)\".*", "$1");
    }

    @AfterEach
    void stop() {
        runner.close();
    }

    @Test
    void a_defect_fails_only_the_call_that_triggers_it_and_loses_no_answered_call() {
        failingSymbols.add(FAILING);
        assertThat(order("005930").body()).contains("APBK0013");

        Answer failed = order(FAILING);

        assertThat(failed.status()).isEqualTo(500);
        assertThat(failed.body()).contains("EGW00002");
        assertThat(order("005930").body())
                .as("with the same token, on the same account")
                .contains("APBK0013");
        assertThat(state()).contains("\"open_orders\":2");
    }

    @Test
    void a_defect_that_one_program_triggers_repeatedly_fails_no_call_of_another_program() {
        failingSymbols.add(FAILING);
        for (int i = 0; i < 20; i++) {
            assertThat(order(FAILING).status()).isEqualTo(500);
            assertThat(order("005930").body()).contains("APBK0013");
        }
    }

    @Test
    void calls_queued_behind_the_one_that_triggers_a_defect_are_executed() {
        failingSymbols.add(FAILING);
        var slow = requestOrder(SLOW);
        var failing = requestOrder(FAILING);
        var behind = requestOrder("005930");
        gate.countDown();

        assertThat(answer(slow).body()).contains("APBK0013");
        assertThat(answer(failing).status()).isEqualTo(500);
        assertThat(answer(behind).body()).contains("APBK0013");
    }

    @Test
    void while_the_file_is_unreadable_each_call_is_answered_and_afterwards_the_simulator_recovers() {
        assertThat(order(FAILING).body()).contains("APBK0013");
        failingSymbols.addAll(Set.of(FAILING, FAILING_TOO));
        for (int i = 0; i < 5; i++) {
            assertThat(order(FAILING_TOO).status()).isEqualTo(500);
        }
        failingSymbols.clear();

        // A call that was already waiting when the last attempt failed is still answered 500.
        boolean taken = false;
        for (int i = 0; i < 20 && !taken; i++) {
            taken = order("005930").body().contains("APBK0013");
        }
        assertThat(taken).isTrue();
        assertThat(state()).contains("\"open_orders\":2");
    }

    private record Answer(int status, String body) {}

    private Answer order(String symbol) {
        return answer(requestOrder(symbol));
    }

    private CompletableFuture<CoreRunner.Outcome> requestOrder(String symbol) {
        return call(
                "/uapi/domestic-stock/v1/trading/order-cash",
                "TTTC0012U",
                Map.of(
                        "CANO",
                        "12345678",
                        "ACNT_PRDT_CD",
                        "01",
                        "PDNO",
                        symbol,
                        "ORD_DVSN",
                        "01",
                        "ORD_QTY",
                        "1",
                        "ORD_UNPR",
                        "0"));
    }

    private String state() {
        return answer(submit(new Input.ReadState(runner.nextCallId(), Map.of())))
                .body();
    }

    private CompletableFuture<CoreRunner.Outcome> call(String path, String trId, Map<String, String> body) {
        Map<String, String> headers =
                Map.of("appkey", KEY, "appsecret", SECRET, "authorization", "Bearer " + token, "tr_id", trId);
        return submit(new Input.Rest(
                runner.nextCallId(), "POST", path, headers, Map.of(), new Input.Body.Fields(body, "{}"), "entropy"));
    }

    private CompletableFuture<CoreRunner.Outcome> submit(Input input) {
        return runner.submit(input).orElseThrow();
    }

    private static Answer answer(CompletableFuture<CoreRunner.Outcome> pending) {
        return switch (pending.orTimeout(10, TimeUnit.SECONDS).join()) {
            case CoreRunner.Outcome.Answered answered ->
                new Answer(answered.answer().status(), answered.answer().body());
            case CoreRunner.Outcome.Reset reset -> new Answer(0, "");
        };
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
