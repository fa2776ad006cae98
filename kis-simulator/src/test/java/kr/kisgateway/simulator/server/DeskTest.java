package kr.kisgateway.simulator.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private static final Symbol CURSED = new Symbol("000660");

    @TempDir
    Path folder;

    private final AtomicBoolean cursed = new AtomicBoolean(true);
    private Desk desk;
    private String token = "";

    @BeforeEach
    void start() {
        Instruments listing = Instruments.load();
        Function<Symbol, Optional<Instrument>> find = symbol -> {
            if (symbol.equals(CURSED) && cursed.get()) {
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
                new SocketHub());
        desk.start();
        token = call(
                        "/oauth2/tokenP",
                        "",
                        Map.of("grant_type", "client_credentials", "appkey", KEY, "appsecret", SECRET))
                .body()
                .replaceFirst(".*\"access_token\":\"([^\"]*)\".*", "$1");
    }

    @AfterEach
    void stop() {
        desk.close();
    }

    @Test
    void a_defect_costs_the_call_that_meets_it_and_nothing_that_was_answered() {
        assertThat(order("005930").body()).contains("APBK0013");

        Answer failed = order(CURSED.code());

        assertThat(failed.status()).isEqualTo(500);
        assertThat(failed.body()).contains("EGW00002");
        assertThat(order("005930").body())
                .as("with the same token, on the same account")
                .contains("APBK0013");
        assertThat(state()).contains("\"open_orders\":2");
    }

    @Test
    void a_defect_that_stays_answers_each_call_and_a_repaired_one_is_gone() {
        for (int i = 0; i < 5; i++) {
            assertThat(order(CURSED.code()).status()).isEqualTo(500);
        }
        cursed.set(false);

        assertThat(order("005930").body()).contains("APBK0013");
    }

    private record Answer(int status, String body) {}

    private Answer order(String symbol) {
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
                        "00",
                        "ORD_QTY",
                        "1",
                        "ORD_UNPR",
                        "150000"));
    }

    private String state() {
        return answer(new Input.ReadState(desk.nextCallId(), Map.of())).body();
    }

    private Answer call(String path, String trId, Map<String, String> body) {
        Map<String, String> headers =
                Map.of("appkey", KEY, "appsecret", SECRET, "authorization", "Bearer " + token, "tr_id", trId);
        return answer(new Input.Rest(
                desk.nextCallId(), "POST", path, headers, Map.of(), new Input.Body.Fields(body, "{}"), "entropy"));
    }

    private Answer answer(Input input) {
        return switch (desk.call(input)
                .orElseThrow()
                .orTimeout(10, TimeUnit.SECONDS)
                .join()) {
            case Desk.Outcome.Answered answered ->
                new Answer(answered.answer().status(), answered.answer().body());
            case Desk.Outcome.Reset reset -> new Answer(0, "");
        };
    }
}
