package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.wire.parse.DailyOrderRow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries: their pages, their retries and their refusals, against a server that answers line by line. */
class PagingTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    private final InstantSource clock = InstantSource.system();

    @TempDir
    private Path folder;

    private RawServer server;
    private KisClient client;
    private KisClient slow;

    @BeforeEach
    void start() {
        server = new RawServer();
        client = client("quick", new RetryRule(3, Duration.ofMillis(20), Duration.ofMillis(50)));
        slow = client("slow", new RetryRule(3, Duration.ofSeconds(20), Duration.ofSeconds(20)));
    }

    private KisClient client(String name, RetryRule retry) {
        var recorder = new Recorder();
        KisConfig config = Fixtures.config(server.address(), Fixtures.unreachable("ws"), folder.resolve(name));
        var opened = KisClient.open(config.withTuning(config.tuning().withRetry(retry)), clock, clock, recorder);
        opened.start();
        recorder.awaitEvent("token_issued");
        return opened;
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        slow.close();
        server.close();
    }

    @Test
    void all_pages_are_read_in_order() {
        server.script.add(page("F", "k1", 1, 2));
        server.script.add(page("M", "k2", 3));
        server.script.add(page("E", "", 4));
        assertThat(numbers(requestDailyOrders())).containsExactly(1L, 2L, 3L, 4L);
        List<RawServer.ReceivedRequest> calls = server.calls();
        assertThat(calls.getFirst().line())
                .contains("INQR_STRT_DT=20261120", "EXCG_ID_DVSN_CD=ALL", "CCLD_DVSN=00", "CTX_AREA_NK100= HTTP");
        assertThat(calls.getFirst().header("tr_cont")).isEmpty();
        assertThat(calls.get(1).line()).contains("CTX_AREA_FK100=fk&", "CTX_AREA_NK100=k1");
        assertThat(calls.get(1).header("tr_cont")).isEqualTo("N");
        assertThat(calls.get(2).line()).contains("CTX_AREA_NK100=k2");
    }

    @Test
    void a_repeated_page_key_is_unreadable() {
        server.script.add(page("F", "k1", 1));
        server.script.add(page("M", "k1", 1));
        assertThat(failure(requestDailyOrders()).kind()).isEqualTo(KisFailure.Kind.UNREADABLE);
        assertThat(server.calls()).hasSize(2);
    }

    @Test
    void an_empty_page_with_a_continuation_is_unreadable() {
        server.script.add(page("F", "k1", 1));
        server.script.add(page("M", "k2"));
        assertThat(failure(requestDailyOrders()).kind()).isEqualTo(KisFailure.Kind.UNREADABLE);
    }

    @Test
    void a_change_between_pages_starts_over_once() {
        String changed = "{\"rt_cd\":\"1\",\"msg_cd\":\"KIOK9999\",\"msg1\":\"조회이후에 자료가 변경되었습니다.(다시 조회하세요)\"}";
        server.script.add(page("F", "k1", 1));
        server.script.add(RawServer.json(200, changed));
        server.script.add(page("F", "k1", 1, 2));
        server.script.add(page("E", "", 3));
        assertThat(numbers(requestDailyOrders())).containsExactly(1L, 2L, 3L);

        server.script.add(RawServer.json(200, changed));
        server.script.add(RawServer.json(200, changed));
        assertThat(failure(requestDailyOrders()).kind()).isEqualTo(KisFailure.Kind.REFUSED);
    }

    @Test
    void a_field_that_cannot_be_read_is_named() {
        server.script.add(page("E", "", 0));
        assertThat(failure(requestDailyOrders()).msg1()).contains("odno");
    }

    @Test
    @Requirement(value = "P-08", clause = "http")
    @Requirement(value = "A-10", clause = "queries")
    void a_transient_failure_is_retried_three_times() {
        String trouble = "{\"rt_cd\":\"1\",\"msg_cd\":\"EGW00316\",\"msg1\":\"다시\"}";
        for (int i = 0; i < 3; i++) server.script.add(RawServer.json(500, trouble));
        server.script.add(page("D", "", 1));
        assertThat(numbers(requestDailyOrders())).containsExactly(1L);

        for (int i = 0; i < 4; i++) server.script.add(RawServer.json(500, trouble));
        server.script.add(page("D", "", 1));
        KisFailure failure = failure(requestDailyOrders());
        assertThat(failure.msgCd()).isEqualTo("EGW00316");
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.remedy()).isNotEmpty();
        assertThat(server.calls()).hasSize(8);
    }

    @Test
    @Requirement(value = "A-10", clause = "timeouts")
    @Requirement(value = "P-08", clause = "timeout")
    void a_call_without_an_answer_is_retried_three_times_and_times_out() {
        KisConfig config = Fixtures.config(server.address(), Fixtures.unreachable("ws"), folder.resolve("hasty"));
        Tuning tuning = config.tuning()
                .withRetry(new RetryRule(3, Duration.ofMillis(20), Duration.ofMillis(50)))
                .withTimeouts(config.tuning().timeouts().withResponse(Duration.ofMillis(200)));
        var recorder = new Recorder();
        try (KisClient hasty = KisClient.open(config.withTuning(tuning), clock, clock, recorder)) {
            hasty.start();
            recorder.awaitEvent("token_issued");
            for (int i = 0; i < 4; i++) server.script.add(RawServer.SILENCE);
            KisFailure failure = failure(hasty.inquirePrice(new Symbol("005930"), deadline()));
            assertThat(failure.kind()).isEqualTo(KisFailure.Kind.TIMEOUT);
            assertThat(failure.retryable()).isTrue();
            assertThat(server.calls()).hasSize(4);
        }
    }

    @Test
    @Requirement(value = "A-10", clause = "backoff")
    void the_retry_delay_doubles_from_one_second_to_ten() {
        RetryRule standard = RetryRule.standard();
        assertThat(standard.times()).isEqualTo(3);
        long[] full = {1_000, 2_000, 4_000, 8_000, 10_000, 10_000};
        for (int before = 0; before < full.length; before++) {
            for (long seed = 0; seed < 100; seed++) {
                assertThat(standard.pause(before, new SplittableRandom(seed)).toMillis())
                        .isBetween(full[before] * 3 / 4, full[before]);
            }
        }
    }

    @Test
    void a_retry_past_the_deadline_is_not_made() {
        server.script.add(RawServer.RESET);
        server.script.add(page("D", "", 1));
        // The first wait is longer than the remaining time.
        var reply = slow.inquireDailyOrders(DAY, Lane.ACCOUNT, clock.instant().plusSeconds(5));
        assertThat(failure(reply).kind()).isEqualTo(KisFailure.Kind.CONNECTION);
        assertThat(server.calls()).hasSize(1);
    }

    @Test
    void a_reset_connection_is_retried() {
        server.script.add(RawServer.RESET);
        server.script.add(page("D", "", 1));
        assertThat(numbers(requestDailyOrders())).containsExactly(1L);
    }

    @Test
    @Requirement(value = "P-08", clause = "http")
    @Requirement(value = "I-03", clause = "success")
    void a_good_rt_cd_under_a_bad_status_is_no_answer() {
        String broken = "{\"rt_cd\":\"0\",\"msg_cd\":\"IGW00009\",\"msg1\":\"\",\"output\":{\"stck_prpr\":\"1\"}}";
        for (int i = 0; i < 4; i++) server.script.add(RawServer.json(500, broken));
        var reply = client.inquirePrice(new Symbol("005930"), deadline());
        assertThat(failure(reply).kind()).isEqualTo(KisFailure.Kind.UNREADABLE);
    }

    @Test
    void a_refused_query_is_not_retried() {
        server.script.add(RawServer.json(200, "{\"rt_cd\":\"1\",\"msg_cd\":\"OPSQ2000\",\"msg1\":\"ERROR\"}"));
        KisFailure failure = failure(requestDailyOrders());
        assertThat(failure.kind()).isEqualTo(KisFailure.Kind.REFUSED);
        assertThat(failure.retryable()).isFalse();
        assertThat(server.calls()).hasSize(1);
    }

    @Test
    void a_rate_refusal_is_reported_and_shrinks_the_budget() {
        String limited = "{\"rt_cd\":\"1\",\"msg_cd\":\"EGW00201\",\"msg1\":\"초당 거래건수를 초과하였습니다.\"}";
        for (int i = 0; i < 4; i++) server.script.add(RawServer.json(500, limited));
        assertThat(failure(requestDailyOrders()).kind()).isEqualTo(KisFailure.Kind.RATE_LIMITED);
        assertThat(client.budget().state().limit()).isLessThan(18);
    }

    private KisReply<List<DailyOrderRow>> requestDailyOrders() {
        return client.inquireDailyOrders(DAY, Lane.ACCOUNT, deadline());
    }

    private Instant deadline() {
        return clock.instant().plusSeconds(10);
    }

    private static List<Long> numbers(KisReply<List<DailyOrderRow>> reply) {
        return ((KisReply.Ok<List<DailyOrderRow>>) reply)
                .value().stream().map(DailyOrderRow::odno).toList();
    }

    private static <T> KisFailure failure(KisReply<T> reply) {
        return ((KisReply.Failed<T>) reply).failure();
    }

    private static RawServer.Answer page(String more, String key, int... numbers) {
        String rows = IntStream.of(numbers)
                .mapToObj(number ->
                        "{\"ord_dt\":\"20261120\",\"odno\":\"%010d\",\"sll_buy_dvsn_cd\":\"02\",".formatted(number)
                                + "\"pdno\":\"005930\",\"ord_qty\":\"1\",\"tot_ccld_qty\":\"0\",\"rmn_qty\":\"1\"}")
                .collect(Collectors.joining(","));
        return RawServer.json(
                200,
                "{\"ctx_area_fk100\":\"fk   \",\"ctx_area_nk100\":\"" + key + "   \",\"output1\":[" + rows
                        + "],\"rt_cd\":\"0\",\"msg_cd\":\"KIOK0510\",\"msg1\":\"ok\"}",
                "tr_cont: " + more + "\r\n");
    }
}
