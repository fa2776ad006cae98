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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A listing that throws stands for any defect of the core. */
class DeskTest {
    private static final String KEY = "PSTESTKEY0000000000000000000000000001";
    private static final String SECRET = "s".repeat(180);
    private static final String CURSED = "000660";
    private static final String CURSED_TOO = "005380";
    private static final String SLOW = "035420";

    @TempDir
    Path folder;

    private final CountDownLatch gate = new CountDownLatch(1);
    private final Set<String> cursed = ConcurrentHashMap.newKeySet();
    private Desk desk;
    private String token = "";

    @BeforeEach
    void start() {
        Instruments listing = Instruments.load();
        Function<Symbol, Optional<Instrument>> find = symbol -> {
            if (symbol.code().equals(SLOW)) {
                await(gate);
            }
            if (cursed.contains(symbol.code())) {
                throw new IllegalStateException("a defect");
            }
            return listing.find(symbol);
        };
        BrokerRules rules =
                new BrokerRules(1, 1_000, 1_000, 41, 0, Duration.ofSeconds(100), Duration.ofMillis(100), false);
        desk = new Desk(
                () -> Store.open(folder.resolve("kis.db"), "OFF"),
                (kept, now) -> new BrokerCore(rules, new OpenCalendar(), find, kept, now),
                Scenario.none(),
                InstantSource.system(),
                new SocketHub(Optional.empty()));
        desk.start();
        token = answer(call(
                        "/oauth2/tokenP",
                        "",
                        Map.of("grant_type", "client_credentials", "appkey", KEY, "appsecret", SECRET)))
                .body()
                .replaceFirst(".*\"access_token\":\"([^\"]*)\".*", "$1");
    }

    @AfterEach
    void stop() {
        desk.close();
    }

    @Test
    void a_defect_costs_the_call_that_meets_it_and_nothing_that_was_answered() {
        cursed.add(CURSED);
        assertThat(order("005930").body()).contains("APBK0013");

        Answer failed = order(CURSED);

        assertThat(failed.status()).isEqualTo(500);
        assertThat(failed.body()).contains("EGW00002");
        assertThat(order("005930").body())
                .as("with the same token, on the same account")
                .contains("APBK0013");
        assertThat(state()).contains("\"open_orders\":2");
    }

    @Test
    void a_defect_that_one_program_meets_again_and_again_costs_nobody_else_a_call() {
        cursed.add(CURSED);
        for (int i = 0; i < 20; i++) {
            assertThat(order(CURSED).status()).isEqualTo(500);
            assertThat(order("005930").body()).contains("APBK0013");
        }
    }

    @Test
    void calls_that_wait_behind_the_one_that_meets_a_defect_are_carried_out() {
        cursed.add(CURSED);
        var slow = asked(SLOW);
        var failing = asked(CURSED);
        var behind = asked("005930");
        gate.countDown();

        assertThat(answer(slow).body()).contains("APBK0013");
        assertThat(answer(failing).status()).isEqualTo(500);
        assertThat(answer(behind).body()).contains("APBK0013");
    }

    @Test
    void while_not_even_the_file_can_be_read_each_call_is_answered_and_after_that_the_simulator_goes_on() {
        assertThat(order(CURSED).body()).contains("APBK0013");
        cursed.addAll(Set.of(CURSED, CURSED_TOO));
        for (int i = 0; i < 5; i++) {
            assertThat(order(CURSED_TOO).status()).isEqualTo(500);
        }
        cursed.clear();

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
        return answer(asked(symbol));
    }

    private CompletableFuture<Desk.Outcome> asked(String symbol) {
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
        return answer(waiting(new Input.ReadState(desk.nextCallId(), Map.of()))).body();
    }

    private CompletableFuture<Desk.Outcome> call(String path, String trId, Map<String, String> body) {
        Map<String, String> headers =
                Map.of("appkey", KEY, "appsecret", SECRET, "authorization", "Bearer " + token, "tr_id", trId);
        return waiting(new Input.Rest(
                desk.nextCallId(), "POST", path, headers, Map.of(), new Input.Body.Fields(body, "{}"), "entropy"));
    }

    private CompletableFuture<Desk.Outcome> waiting(Input input) {
        return desk.call(input).orElseThrow();
    }

    private static Answer answer(CompletableFuture<Desk.Outcome> waiting) {
        return switch (waiting.orTimeout(10, TimeUnit.SECONDS).join()) {
            case Desk.Outcome.Answered answered ->
                new Answer(answered.answer().status(), answered.answer().body());
            case Desk.Outcome.Reset reset -> new Answer(0, "");
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
