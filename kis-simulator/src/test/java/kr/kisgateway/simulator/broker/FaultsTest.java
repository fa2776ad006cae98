package kr.kisgateway.simulator.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import kr.kisgateway.simulator.broker.Scenario.Fault;
import kr.kisgateway.simulator.broker.TestBroker.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {
    private static final String ME = "12345678";
    private static final String SELLER = "33333333";
    private static final String SYMBOL = "005930";

    private static final String SELLERS_KEY = "PSSELLERKEY00000000000000000000000004";

    /** The seller is another program, whose notices this one does not receive. */
    private final TestBroker broker = TestBroker.open(1, 0)
            .as(SELLERS_KEY)
            .withShares(SELLER, SYMBOL, 100)
            .as(TestBroker.KEY);

    // ---- calls ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "server_errors_before, 500, EGW00002",
        "unavailable_before, 503, ''",
        "timeouts_before, 500, EGW00301",
        "refuse_connections, 0, ''",
        "dead_tokens_before, 500, EGW00123",
    })
    void a_call_that_fails_before_acceptance_has_no_effect(String fault, int status, String code) {
        String resting = placeBuy(10, 190_000);
        broker.fault(Map.of(fault, Map.of("count", 2L, "on", List.of("orders", "revisions"))));

        assertFailed(broker.order(ME, true, SYMBOL, "00", 1, 190_000), status, code);
        renewToken();
        assertFailed(broker.revise(ME, resting, "02", "Y", 0, 0), status, code);
        renewToken();

        assertThat(broker.rows(ME)).hasSize(1);
        assertThat(broker.row(ME, resting).left()).isEqualTo(10);
        assertThat(broker.order(ME, true, SYMBOL, "00", 1, 190_000).text("rt_cd"))
                .isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource({
        "server_errors_after, 500, EGW00002",
        "unavailable_after, 503, ''",
        "timeouts_after, 500, EGW00301",
        "broken_answers, 500, IGW00009",
        "lose_answers, 0, ''",
        "late_answers, 0, ''",
    })
    void a_call_that_fails_after_acceptance_has_taken_effect(String fault, int status, String code) {
        String resting = placeBuy(10, 190_000);
        broker.fault(Map.of(fault, Map.of("count", 2L, "on", List.of("orders", "revisions"))));

        assertFailed(broker.order(ME, true, SYMBOL, "00", 1, 190_000), status, code);
        assertFailed(broker.revise(ME, resting, "01", "Y", 0, 191_000), status, code);

        assertThat(broker.rows(ME)).hasSize(3);
        assertThat(broker.row(ME, resting).left()).isZero();
    }

    private static void assertFailed(Answer answer, int status, String code) {
        assertThat(answer.status()).isEqualTo(status);
        if (status == 503) {
            assertThat(answer.body()).as("not the broker's own words").startsWith("<html>");
        } else if (!code.isEmpty()) {
            assertThat(answer.text("msg_cd")).isEqualTo(code);
        }
    }

    private void renewToken() {
        broker.advanceBy(Duration.ofMinutes(1));
        broker.login();
    }

    @Test
    void a_fault_hits_orders_by_default() {
        String resting = placeBuy(10, 190_000);
        broker.fault(Map.of("lose_answers", 1L));
        assertThat(broker.balance(ME).status()).isEqualTo(200);
        assertThat(broker.revise(ME, resting, "02", "N", 1, 0).status()).isEqualTo(200);
        assertThat(broker.order(ME, true, SYMBOL, "00", 1, 190_000).status()).isZero();

        broker.fault(Map.of("server_errors_before", Map.of("on", "queries")));
        assertThat(broker.order(ME, true, SYMBOL, "00", 1, 190_000).status()).isEqualTo(200);
        assertThat(broker.balance(ME).status()).isEqualTo(500);
        assertThat(broker.balance(ME).status()).isEqualTo(200);
    }

    @Test
    void a_refused_order_does_not_use_up_a_lost_answer() {
        broker.fault(Map.of("lose_answers", 1L));

        assertThat(broker.order(ME, true, SYMBOL, "00", 1, 190_050).text("rt_cd"))
                .isEqualTo("7");
        assertThat(broker.order(ME, true, SYMBOL, "00", 1, 190_000).status()).isZero();
    }

    @Test
    void a_token_dies_in_the_middle_of_an_order_that_is_taken() {
        broker.fault(Map.of("dead_tokens_after", 1L));

        assertThat(broker.order(ME, true, SYMBOL, "00", 1, 190_000).text("msg_cd"))
                .isEqualTo("APBK0013");
        assertThat(broker.balance(ME).text("msg_cd")).isEqualTo("EGW00123");
        assertThat(broker.balance(ME).status()).isEqualTo(500);
        renewToken();
        assertThat(broker.rows(ME)).hasSize(1);
    }

    @Test
    void every_token_can_be_killed_at_once() {
        broker.fault(Map.of("kill_tokens", true));

        assertThat(broker.balance(ME).text("msg_cd")).isEqualTo("EGW00123");
    }

    @Test
    void pages_after_the_first_can_fail_or_report_changed_data() {
        for (int i = 0; i < 101; i++) {
            placeBuy(1, 150_000);
        }
        Answer first = broker.daily(ME, Map.of(), Map.of());
        Map<String, String> next =
                Map.of("CTX_AREA_FK100", first.text("ctx_area_fk100"), "CTX_AREA_NK100", first.text("ctx_area_nk100"));
        broker.fault(Map.of("failed_pages", 1L, "changed_pages", 1L));

        assertThat(broker.daily(ME, Map.of(), Map.of()).status())
                .as("a first page")
                .isEqualTo(200);
        assertThat(broker.daily(ME, Map.of("tr_cont", "N"), next).text("msg_cd"))
                .isEqualTo("EGW00316");
        assertThat(broker.daily(ME, Map.of("tr_cont", "N"), next).text("msg1")).startsWith("조회이후에 자료가 변경되었습니다");
        assertThat(broker.daily(ME, Map.of("tr_cont", "N"), next).json().path("output1"))
                .hasSize(1);
    }

    // ---- queries -------------------------------------------------------------------------------------------------

    @Test
    void a_balance_lags_behind_the_fills_by_its_seconds() {
        broker.fault(Map.of("balance_lag_seconds", 3L));
        placeBuy(10, 190_000);
        sell(4);
        broker.advanceBy(Duration.ofSeconds(2));
        sell(6);

        assertThat(listedQuantity()).as("at once").isZero();
        broker.advanceBy(Duration.ofMillis(1_001));
        assertThat(listedQuantity()).as("a second after the first was due").isEqualTo(4);
        assertThat(cash()).isEqualTo(1_000_000_000 - 4 * 190_000 - commission(4 * 190_000));
        broker.advanceBy(Duration.ofSeconds(2));
        assertThat(listedQuantity()).isEqualTo(10);
        assertThat(broker.rows(ME).getFirst().filled())
                .as("the list does not lag")
                .isEqualTo(10);
    }

    private long listedQuantity() {
        return broker.balance(ME)
                .json()
                .path("output1")
                .valueStream()
                .mapToLong(row -> Long.parseLong(row.path("hldg_qty").stringValue()))
                .sum();
    }

    private long cash() {
        return Long.parseLong(broker.balance(ME).text("output2", "0", "prvs_rcdl_excc_amt"));
    }

    private static long commission(long amount) {
        return kr.kisgateway.market.Costs.usual().commission(amount);
    }

    @Test
    void the_same_seed_hides_the_same_orders_from_the_list() {
        broker.handle(new Input.Play(
                new Scenario(
                        OptionalLong.of(3),
                        List.of(new Fault(
                                "hide_orders_seconds",
                                Set.of(),
                                Long.MAX_VALUE,
                                0.5,
                                Duration.ZERO,
                                Optional.empty(),
                                5))),
                broker.now));
        for (int i = 0; i < 40; i++) {
            placeBuy(1, 150_000);
        }

        List<TestBroker.Row> listed = broker.rows(ME);
        assertThat(listed).hasSizeBetween(10, 30);
        assertThat(broker.rows(ME)).isEqualTo(listed);
        broker.advanceBy(Duration.ofSeconds(5));
        assertThat(broker.rows(ME)).hasSize(40);
    }

    // ---- notices -------------------------------------------------------------------------------------------------

    @Test
    void notices_can_be_delayed() {
        broker.listen();
        broker.fault(Map.of("late_notices", 1L, "late_notice_ms", 700L));
        String odno = placeBuy(1, 190_000);

        broker.advanceBy(Duration.ofMillis(699));
        assertThat(broker.notices(ME)).isEmpty();
        broker.advanceBy(Duration.ofMillis(1));
        assertThat(broker.notices(ME))
                .singleElement()
                .satisfies(n -> assertThat(n.getFirst()).isEqualTo(odno));
    }

    @Test
    void a_notice_may_overtake_the_one_before_it() {
        broker.listen();
        sell(3);
        broker.fault(Map.of("reorder_notices", 1L));

        placeBuy(3, 190_000);

        assertThat(broker.notices(ME)).extracting(n -> n.get(6)).containsExactly("2", "1");
    }

    @Test
    void a_notice_that_no_other_overtakes_is_sent_a_second_later() {
        broker.listen();
        broker.fault(Map.of("reorder_notices", 1L));
        placeBuy(3, 190_000);

        assertThat(broker.core.nextDue()).contains(broker.now.plusSeconds(1));
        broker.advanceBy(Duration.ofSeconds(1));
        assertThat(broker.notices(ME)).hasSize(1);
    }

    @Test
    void of_all_notices_only_the_fills_may_get_lost_or_doubled() {
        broker.listen();
        sell(9);
        broker.fault(Map.of("lose_notices", Map.of("on", "fills")));
        placeBuy(3, 190_000);
        broker.fault(Map.of("duplicate_notices", Map.of("on", "fills")));
        placeBuy(4, 190_000);

        assertThat(broker.notices(ME))
                .extracting(n -> n.get(6) + n.get(3))
                .containsExactly("10000000003", "10000000004", "20000000004", "20000000004");
    }

    @Test
    void the_socket_can_drop_in_the_middle_of_the_fills() {
        broker.listen();
        sell(3);
        broker.fault(Map.of("drop_at_notices", 1L));

        placeBuy(3, 190_000);

        assertThat(broker.notices(ME))
                .extracting(n -> n.get(6))
                .as("the fill is lost")
                .containsExactly("1");
        assertThat(broker.effects).contains(new Effect.DropSocket(1));
        assertThat(listedQuantity()).isEqualTo(3);
    }

    @Test
    void an_order_of_another_program_is_published_to_every_session_of_the_account() {
        broker.balance(ME);
        broker.listen();
        broker.as("PSOTHERKEY000000000000000000000000002").subscribe(2, "H0STCNI0", "OTHERID");
        broker.as("PSSTRANGER000000000000000000000000003").subscribe(3, "H0STCNI0", "STRANGER");
        broker.balance(SELLER);

        broker.as("PSOTHERKEY000000000000000000000000002");
        String odno = placeBuy(3, 190_000);
        broker.revise(ME, odno, "02", "Y", 0, 0);

        assertThat(broker.noticesOf(1, ME)).hasSize(2).isEqualTo(broker.noticesOf(2, ME));
        assertThat(broker.noticesOf(3, ME)).isEmpty();
        broker.as(TestBroker.KEY);
        assertThat(broker.rows(ME)).as("and is in the list").hasSize(2);
    }

    // ---- time and chance -----------------------------------------------------------------------------------------

    @Test
    void a_fault_with_a_window_hits_inside_it_only() {
        broker.handle(new Input.Play(
                Scenario.parse(Map.of(
                        "faults",
                        List.of(Map.of("fault", "timeouts_before", "on", "queries", "at", "2s", "for", "3s")))),
                broker.now));

        List<Integer> statuses = new ArrayList<>();
        for (int second = 0; second < 7; second++) {
            statuses.add(broker.balance(ME).status());
            broker.advanceBy(Duration.ofSeconds(1));
        }
        assertThat(statuses).containsExactly(200, 200, 500, 500, 500, 200, 200);
    }

    @Test
    void sockets_drop_at_their_scheduled_time_without_any_other_event() {
        broker.listen();
        broker.fault(Map.of("drop_sockets", Map.of("at", "1500ms")));

        assertThat(broker.core.nextDue()).contains(broker.now.plusMillis(1_500));
        broker.advanceBy(Duration.ofMillis(1_499));
        assertThat(broker.effects).doesNotContain(new Effect.DropSocket(1));
        broker.advanceBy(Duration.ofMillis(1));
        assertThat(broker.effects).contains(new Effect.DropSocket(1));
        assertThat(broker.core.nextDue().orElseThrow()).isAfter(broker.now);
    }

    @Test
    void the_same_seed_hits_the_same_calls_at_about_the_configured_rate() {
        List<Integer> hits = byChance(11);

        assertThat(hits).hasSizeBetween(35, 85);
        assertThat(byChance(11)).isEqualTo(hits);
        assertThat(byChance(12)).isNotEqualTo(hits);
    }

    private static List<Integer> byChance(long seed) {
        TestBroker fresh = TestBroker.open(1, 0);
        fresh.handle(new Input.Play(
                new Scenario(OptionalLong.of(seed), List.of(Fault.byChance("server_errors_before", 0.2, "queries"))),
                fresh.now));
        return IntStream.range(0, 300)
                .filter(i -> fresh.balance(ME).status() == 500)
                .boxed()
                .toList();
    }

    @Test
    void latencies_follow_their_distribution_and_the_same_seed_draws_the_same_ones() {
        List<Long> constant = latencies(1, Scenario.Distribution.CONSTANT, 0);
        assertThat(constant).containsOnly(200L);

        List<Long> uniform = latencies(1, Scenario.Distribution.UNIFORM, 150);
        assertThat(uniform).allSatisfy(ms -> assertThat(ms).isBetween(50L, 350L));
        assertThat(uniform.stream().filter(ms -> ms < 125).count())
                .as("a quarter of 1,000 below a quarter of the range")
                .isBetween(190L, 310L);

        List<Long> lognormal = latencies(1, Scenario.Distribution.LOGNORMAL, 1_800);
        assertThat(lognormal.stream().filter(ms -> ms < 200).count())
                .as("half below the median")
                .isBetween(430L, 570L);
        assertThat(lognormal.stream().filter(ms -> ms > 2_000).count())
                .as("about one of a hundred beyond value + spread")
                .isBetween(2L, 25L);
        assertThat(latencies(1, Scenario.Distribution.LOGNORMAL, 1_800)).isEqualTo(lognormal);
        assertThat(latencies(2, Scenario.Distribution.LOGNORMAL, 1_800)).isNotEqualTo(lognormal);
    }

    /** The delay of each of a thousand answers. */
    private static List<Long> latencies(long seed, Scenario.Distribution how, long spread) {
        Faults faults = new Faults(seed);
        faults.setClock(TestBroker.NINE);
        faults.play(
                new Scenario(
                        OptionalLong.empty(),
                        List.of(Fault.of("latency_ms", 200, "queries").spread(how, spread))),
                TestBroker.NINE);
        return IntStream.range(0, 1_000)
                .mapToObj(i -> faults.latency(new Faults.Occasion("queries", "/uapi/x")))
                .toList();
    }

    @Test
    void a_fault_on_one_path_does_not_hit_other_paths() {
        broker.fault(Map.of("unavailable_before", Map.of("on", "queries", "path", "inquire-balance", "for", "1h")));

        assertThat(broker.balance(ME).status()).isEqualTo(503);
        assertThat(broker.daily(ME, Map.of(), Map.of()).status()).isEqualTo(200);
    }

    @Test
    void zero_ends_a_fault_and_clear_ends_all() {
        broker.fault(Map.of("lose_answers", Map.of("chance", 1L, "for", "1h"), "stop_data", true));
        broker.fault(Map.of("lose_answers", 0L));
        assertThat(broker.order(ME, true, SYMBOL, "00", 1, 190_000).status()).isEqualTo(200);

        broker.fault(Map.of("lose_answers", Map.of("chance", 1L)));
        broker.fault(Map.of("clear", true));
        assertThat(broker.order(ME, true, SYMBOL, "00", 1, 190_000).status()).isEqualTo(200);
        assertThat(state()).contains("\"rules\":[]").contains("\"stop_data\":false");
    }

    @Test
    void the_state_counts_fault_hits() {
        broker.fault(Map.of("lose_answers", 1L));
        broker.order(ME, true, SYMBOL, "00", 1, 190_000);
        broker.order(ME, true, SYMBOL, "00", 1, 190_000);

        assertThat(state()).contains("\"fault_hits\":{\"lose_answers\":1}");
    }

    private String state() {
        broker.handle(new Input.ReadState(-7, Map.of()));
        return ((Effect.Reply) broker.effects.getLast()).answer().body();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lose_answer|no fault is called lose_answer (did you mean ",
                "lose_answers.on=fills|cannot be on [fills], only on [orders, queries, revisions]",
                "lose_answers.chance=2|chance must lie above 0 and up to 1",
                "lose_answers.for=soon|must be a time as 500ms, 2s, 3m or 1h, not soon",
                "lose_answers.value=3|does not take [value]; it takes [at, chance, count, for, on, path]",
                "lose_answers.count=0|count must be at least 1",
                "exchange_delay_ms.at=1s|value must be a time above 0",
                "lose_notices.path=order|does not take [path]",
                "latency_ms.spread=5|spread needs a .distribution",
                "latency_ms.distribution=often|must be constant, uniform or lognormal",
                "stop_data.on=orders|does not take [on]; it takes [at, for]",
            })
    void each_mistake_is_reported_in_one_sentence(String mistake) {
        String[] parts = mistake.split("\\|", 2);
        String[] tokens = parts[0].split("[.=]", 3);
        Object value = tokens.length == 1
                ? (Object) 1L
                : Map.of(tokens[1], tokens[2].matches("[0-9]+") ? (Object) Long.valueOf(tokens[2]) : tokens[2]);
        broker.handle(new Input.SwitchFaults(-5, Map.of(tokens[0], value)));

        Effect.Reply reply = (Effect.Reply) broker.effects.getLast();
        assertThat(reply.answer().status()).isEqualTo(400);
        assertThat(reply.answer().body()).contains(parts[1]);
    }

    @Test
    void a_scenario_names_every_mistake() {
        assertThatThrownBy(() -> Scenario.parse(Map.of(
                        "sed", 1, "faults", List.of(Map.of("at", "1s"), Map.of("fault", "lose_answers", "at", 3)))))
                .hasMessageContaining("not [sed]")
                .hasMessageContaining("fault 1: it names no fault")
                .hasMessageContaining("fault 2: lose_answers.at must be a time");
    }

    private void sell(long qty) {
        broker.as(SELLERS_KEY).order(SELLER, false, SYMBOL, "00", qty, 190_000);
        broker.as(TestBroker.KEY);
    }

    private String placeBuy(long qty, long price) {
        return broker.order(ME, true, SYMBOL, "00", qty, price).text("output", "ODNO");
    }
}
