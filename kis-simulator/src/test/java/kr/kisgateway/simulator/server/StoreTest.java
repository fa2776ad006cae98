package kr.kisgateway.simulator.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.simulator.broker.BrokerCore;
import kr.kisgateway.simulator.broker.BrokerRules;
import kr.kisgateway.simulator.broker.Change;
import kr.kisgateway.simulator.broker.Effect;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.broker.Kept;
import kr.kisgateway.simulator.broker.KeptInMemory;
import kr.kisgateway.simulator.broker.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    private static final String KEY = "PSTESTKEY0000000000000000000000000001";
    private static final String SECRET = "s".repeat(180);
    private static final Instant NINE = Instant.parse("2026-11-20T00:00:00Z");

    @TempDir
    Path folder;

    private Instant now = NINE;
    private long ids;
    private String token = "";

    /** So a simulated day on {@link KeptInMemory} crashes and restarts as the file does. */
    @Test
    void memory_and_file_open_the_same_core_after_any_history() {
        BrokerRules rules =
                new BrokerRules(5, 100_000, 100_000, 41, 20, Duration.ofSeconds(100), Duration.ofMillis(100), false);
        Instruments listing = Instruments.load();
        BrokerCore core = new BrokerCore(rules, new OpenCalendar(), listing::find, Kept.nothing(), now);
        KeptInMemory memory = new KeptInMemory();
        Random random = new Random(5);
        try (Store store = Store.open(folder.resolve("kis.db"), "OFF")) {
            for (int i = 0; i < 300; i++) {
                now = now.plusMillis(random.nextInt(200));
                Step step = core.on(input(i, random), now);
                memory.apply(step.append());
                store.commit(step.append());
                step.afterDurable().forEach(this::readToken);
            }
            assertThat(store.load().changes())
                    .containsExactlyInAnyOrderElementsOf(memory.kept().changes())
                    .hasSizeGreaterThan(200);
            assertThat(orders(store.load())).as("the queue in its order").isEqualTo(orders(memory.kept()));
        }
    }

    @Test
    void a_copy_goes_its_own_way() {
        KeptInMemory one = new KeptInMemory();
        one.apply(List.of(new Change.Identity("a")));
        KeptInMemory other = one.copy();
        other.apply(List.of(new Change.Identity("b")));

        assertThat(one.kept().changes()).containsExactly(new Change.Identity("a"));
        assertThat(other.kept().changes()).containsExactly(new Change.Identity("b"));
    }

    private static List<Change> orders(Kept kept) {
        return kept.changes().stream().filter(Change.Order.class::isInstance).toList();
    }

    private Input input(int i, Random random) {
        if (i == 0) {
            return rest(
                    "/oauth2/tokenP",
                    "",
                    Map.of("grant_type", "client_credentials", "appkey", KEY, "appsecret", SECRET));
        }
        boolean market = random.nextBoolean();
        return rest(
                "/uapi/domestic-stock/v1/trading/order-cash",
                "TTTC0012U",
                Map.of(
                        "CANO",
                        "1234567" + random.nextInt(3),
                        "ACNT_PRDT_CD",
                        "01",
                        "PDNO",
                        "005930",
                        "ORD_DVSN",
                        market ? "01" : "00",
                        "ORD_QTY",
                        Integer.toString(1 + random.nextInt(9)),
                        "ORD_UNPR",
                        market ? "0" : Integer.toString(190_000 + 100 * random.nextInt(90))));
    }

    private Input rest(String path, String trId, Map<String, String> body) {
        Map<String, String> headers =
                Map.of("appkey", KEY, "appsecret", SECRET, "authorization", "Bearer " + token, "tr_id", trId);
        return new Input.Rest(
                ++ids, "POST", path, headers, Map.of(), new Input.Body.Fields(body, "{}"), "entropy " + ids);
    }

    private void readToken(Effect effect) {
        if (token.isEmpty() && effect instanceof Effect.Reply reply) {
            token = reply.answer().body().replaceFirst(".*\"access_token\":\"([^\"]*)\".*", "$1");
        }
    }
}
