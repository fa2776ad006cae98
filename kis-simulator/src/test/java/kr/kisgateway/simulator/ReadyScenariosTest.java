package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import kr.kisgateway.market.OpenCalendar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios that come with the simulator, as a client observes them; their time is stepped. */
@Tag("slow")
class ReadyScenariosTest {
    private static final String CANO = "40000001";
    private static final Duration SHORT = Duration.ofMillis(500);

    @TempDir
    Path folder;

    private final SteppedClock clock = new SteppedClock(Instant.parse("2026-11-20T01:30:00Z"));
    private Optional<KisSimulator> running = Optional.empty();
    private int clients;

    @AfterEach
    void stop() {
        running.ifPresent(KisSimulator::close);
    }

    private KisSimulator startScenario(String name) {
        SimulatorConfig config = SimulatorCommands.config(folder, "--scenario", name, "--rate", "100000");
        KisSimulator simulator = KisSimulator.start(config.withTime(new OpenCalendar(), clock));
        running = Optional.of(simulator);
        return simulator;
    }

    /** Advances the time until the broker has noticed. */
    private void advance(KisSimulator simulator, Duration time) {
        clock.advance(time);
        simulator.faults().json();
    }

    private RawClient client(KisSimulator simulator) {
        RawClient client = new RawClient(simulator, "PSREADY%029d".formatted(++clients));
        client.timeout = SHORT;
        return client;
    }

    /** Gets a token, however many attempts it takes and however slow its server is. */
    private RawClient loggedIn(KisSimulator simulator) {
        simulator.faults().set("latency_ms", 0).next("unavailable_before", 0).next("server_errors_before", 0);
        RawClient client = client(simulator);
        client.timeout = RawClient.TIMEOUT;
        client.login();
        client.timeout = SHORT;
        return client;
    }

    private static String outcome(Supplier<HttpResponse<String>> call) {
        try {
            HttpResponse<String> answer = call.get();
            return answer.statusCode()
                    + (answer.body().contains("msg_cd")
                            ? " " + RawClient.json(answer.body()).path("msg_cd").stringValue()
                            : "");
        } catch (UncheckedIOException e) {
            return e.getCause() instanceof HttpTimeoutException ? "silence" : "reset";
        }
    }

    private static Map<String, Integer> outcomes(int times, Supplier<HttpResponse<String>> call) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < times; i++) {
            counts.merge(outcome(call), 1, Integer::sum);
        }
        return counts;
    }

    private static HttpResponse<String> order(RawClient client) {
        return client.order(CANO, "TTTC0012U", "005930", "01", "1", "0");
    }

    @Test
    void each_is_listed_described_and_seeded() {
        assertThat(ScenarioFile.names()).hasSize(7).allSatisfy(name -> {
            assertThat(ScenarioFile.named(name).description()).isNotBlank();
            assertThat(ScenarioFile.named(name).seed()).isPresent();
            assertThat(ScenarioFile.named(name).faults()).isNotEmpty();
        });
    }

    @Test
    void on_a_bad_day_queries_fail_answers_are_lost_and_the_socket_falls_after_seven_minutes() throws Exception {
        KisSimulator simulator = startScenario("bad-day");
        RawClient client = loggedIn(simulator);
        String approval = client.approvalKey();
        client.timeout = RawClient.TIMEOUT;
        try (var stream = client.stream()) {
            stream.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
            stream.await("OPSP0000");

            assertThat(outcomes(150, () -> client.balance(CANO))).containsKeys("200 KIOK0510", "500 EGW00316");
            assertThat(outcomes(150, () -> order(client))).containsKeys("200 APBK0013", "reset");

            advance(simulator, Duration.ofMinutes(7));
            stream.await(RawClient.Stream.CLOSED + "1006");
        }
        advance(simulator, Duration.ofMinutes(14));
        assertThat(outcomes(20, () -> client.balance(CANO)))
                .as("the token has expired")
                .containsKey("500 EGW00123");
    }

    @Test
    void at_a_monday_open_rate_limits_are_hit_and_frames_contain_many_trades() throws Exception {
        KisSimulator simulator = startScenario("monday-open");
        assertThat(outcome(() -> client(simulator).get("/uapi/x", Map.of())))
                .as("slow answers, while the clock stands")
                .isEqualTo("silence");
        simulator.faults().set("latency_ms", 0);
        Map<String, Integer> logins = outcomes(
                20,
                () -> client(simulator).post("/oauth2/tokenP", Map.of(), "{\"grant_type\":\"client_credentials\"}"));
        assertThat(logins).as("the token server is overloaded").containsKey("503");

        RawClient client = loggedIn(simulator);
        String approval = client.approvalKey();
        client.timeout = RawClient.TIMEOUT;
        assertThat(outcomes(100, () -> client.balance(CANO))).containsKeys("500 EGW00201", "500 EGW00215");
        try (var stream = client.stream()) {
            stream.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
            for (int i = 0; i < 30; i++) {
                order(client);
            }
            advance(simulator, Duration.ofSeconds(1));
            assertThat(stream.await("|H0STCNT0|")).contains("|H0STCNT0|").doesNotContain("|001|");
            advance(simulator, Duration.ofSeconds(90));
            stream.await(RawClient.Stream.CLOSED + "1006");
        }
    }

    @Test
    void in_a_token_race_tokens_expire_and_the_approval_key_is_discarded() throws Exception {
        KisSimulator simulator = startScenario("token-race");
        RawClient client = loggedIn(simulator);
        String approval = client.approvalKey();
        assertThat(outcome(() -> client.balance(CANO))).isEqualTo("200 KIOK0510");

        advance(simulator, Duration.ofSeconds(10));
        assertThat(outcome(() -> client.balance(CANO))).isEqualTo("500 EGW00123");
        RawClient second = loggedIn(simulator);
        assertThat(outcome(() -> second.balance(CANO))).isEqualTo("200 KIOK0510");
        advance(simulator, Duration.ofSeconds(75));
        assertThat(outcome(() -> second.balance(CANO))).isEqualTo("500 EGW00121");

        advance(simulator, Duration.ofSeconds(20));
        try (var stream = client.stream()) {
            stream.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
            stream.await("OPSP0011");
        }
    }

    @Test
    void with_lost_answers_orders_exist_that_were_never_confirmed() {
        KisSimulator simulator = startScenario("lost-answers");
        RawClient client = loggedIn(simulator);

        Map<String, Integer> counts = outcomes(60, () -> order(client));

        assertThat(counts).containsKeys("200 APBK0013", "reset", "500 EGW00301", "silence");
        advance(simulator, Duration.ofSeconds(6));
        client.timeout = RawClient.TIMEOUT;
        int listed = RawClient.json(client.daily(CANO).body()).path("output1").size();
        assertThat(listed)
                .as("more than were confirmed, fewer than were sent: some timed out before")
                .isGreaterThan(counts.getOrDefault("200 APBK0013", 0))
                .isLessThan(60);
    }

    @Test
    void in_notice_chaos_notices_are_missing_doubled_and_late() throws Exception {
        KisSimulator simulator = startScenario("notice-chaos");
        RawClient client = loggedIn(simulator);
        // The drop of a socket has a scenario of its own.
        simulator.faults().next("drop_at_notices", 0);
        String approval = client.approvalKey();
        List<String> atOnce;
        List<String> later;
        try (var stream = client.stream()) {
            stream.send(RawClient.subscribe(approval, "1", "H0STCNI0", "MYHTSID"));
            stream.await("OPSP0000");
            for (int i = 0; i < 40; i++) {
                // The answer may wait for its notices, which stand still with the clock.
                simulator.faults().next("notices_first", 0);
                order(client);
            }
            atOnce = notices(stream, approval);
            advance(simulator, Duration.ofSeconds(4));
            later = notices(stream, approval);
        }
        assertThat(later).as("late ones").isNotEmpty();
        assertThat(atOnce)
                .as("the same one twice")
                .hasSizeGreaterThan(atOnce.stream().distinct().toList().size());
        assertThat(atOnce.stream().distinct().count() + later.size())
                .as("of 80 some are missing")
                .isLessThan(80);
    }

    /** All notices that have arrived when a message that was sent after them is answered. */
    private static List<String> notices(RawClient.Stream stream, String approval) throws InterruptedException {
        stream.send(RawClient.subscribe(approval, "2", "H0STCNT0", "000660"));
        int before = stream.all.size();
        stream.await("OPSP0003");
        return new ArrayList<>(stream.all.subList(before, stream.all.size()))
                .stream().filter(text -> text.startsWith("1|H0STCNI0")).toList();
    }

    @Test
    void a_stolen_session_is_closed_and_the_key_stays_in_use_for_a_minute_and_a_half() throws Exception {
        KisSimulator simulator = startScenario("session-stolen");
        RawClient client = loggedIn(simulator);
        String approval = client.approvalKey();
        try (var stream = client.stream()) {
            stream.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
            stream.await("OPSP0000");
            advance(simulator, Duration.ofSeconds(15));
            advance(simulator, Duration.ofSeconds(5));
            stream.await(RawClient.Stream.CLOSED + "1000");
        }
        assertThat(resubscribe(client, approval)).contains("OPSP8996");
        advance(simulator, Duration.ofSeconds(91));
        try (var stream = client.stream()) {
            stream.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
            stream.await("OPSP0000");
            advance(simulator, Duration.ofMinutes(3));
            stream.send(RawClient.subscribe(approval, "1", "H0STASP0", "005930"));
            assertThat(stream.next(SHORT).filter(text -> text.contains("H0STASP0")))
                    .as("open, and silent")
                    .isEmpty();
        }
    }

    private static String resubscribe(RawClient client, String approval) throws InterruptedException {
        try (var stream = client.stream()) {
            stream.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
            return stream.await("OPSP");
        }
    }

    @Test
    void a_slow_broker_answers_every_call_eventually_and_none_at_once() throws Exception {
        KisSimulator simulator = startScenario("slow-broker");
        assertThat(outcome(() -> client(simulator).get("/uapi/x", Map.of()))).isEqualTo("silence");
        RawClient client = loggedIn(simulator);
        String approval = client.approvalKey();
        client.timeout = RawClient.TIMEOUT;
        try (var stream = client.stream()) {
            stream.send(RawClient.subscribe(approval, "1", "H0STCNI0", "MYHTSID"));
            assertThat(stream.next(SHORT)).as("the acknowledgement").isEmpty();
            advance(simulator, Duration.ofSeconds(2));
            stream.await("OPSP0000");

            assertThat(outcome(() -> order(client))).isEqualTo("200 APBK0013");
            assertThat(RawClient.json(client.daily(CANO).body()).path("output1"))
                    .as("not listed yet")
                    .isEmpty();
            assertThat(notices(stream, approval)).isEmpty();
            advance(simulator, Duration.ofSeconds(9));
            advance(simulator, Duration.ofSeconds(3));
            assertThat(notices(stream, approval)).as("receipt and fill").hasSize(2);
            assertThat(RawClient.json(client.daily(CANO).body()).path("output1"))
                    .hasSize(1);
        }
    }
}
