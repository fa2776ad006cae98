package kr.kisgateway.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.time.Duration;
import kr.kisgateway.simulator.conformance.KisServer.Face;
import kr.kisgateway.simulator.conformance.KisServer.ServerSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Item 15.6: the ways in which KIS fails, on demand. Those of the socket (§5.5) are in {@code FaultWireTest}. */
class FaultConformanceTest {
    private KisServer server;
    private ClientProgram program;

    @BeforeEach
    void start() {
        server = KisServer.start(ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00"));
        program = new ClientProgram(server, Face.LIVE, 1).login();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonNode orders() {
        return program.daily().json().path("output1");
    }

    @ParameterizedTest
    @CsvSource({
        "rate_limit_storm,EGW00201,초당 거래건수를 초과하였습니다.",
        "ledger_limit_storm,EGW00215,원장에서 허용 가능한 초당 거래건수를 초과하였습니다.",
        "query_errors,EGW00316,조회 처리 중 오류 발생하였습니다. 재 조회 수행 부탁드립니다."
    })
    void item_15_6_limits_and_query_errors_come_as_http_500_once_and_pass(String fault, String code, String message) {
        server.faults("{\"" + fault + "\":1}");

        RawHttp.Answer refused = program.balance();

        assertThat(refused.code()).isEqualTo("500 " + code);
        assertThat(refused.json().path("rt_cd").stringValue()).isEqualTo("1");
        assertThat(refused.json().path("msg1").stringValue().strip()).isEqualTo(message);
        assertThat(program.balance().code()).isEqualTo("200 KIOK0510");
    }

    @Test
    void item_15_6_a_timeout_leaves_open_whether_the_order_exists() {
        server.faults("{\"timeouts_before\":1}");
        assertThat(program.buy("005930", "00", 1, 150_000).code()).isEqualTo("500 EGW00301");
        assertThat(orders()).isEmpty();
        server.faults("{\"timeouts_after\":1}");

        assertThat(program.buy("005930", "00", 1, 150_000).code()).isEqualTo("500 EGW00301");

        assertThat(orders()).hasSize(1);
    }

    @Test
    void item_15_6_the_answer_of_an_accepted_order_is_lost_and_the_order_is_listed() {
        server.faults("{\"lose_answers\":1}");

        assertThatThrownBy(() -> program.buy("005930", "00", 1, 150_000)).isInstanceOf(UncheckedIOException.class);

        assertThat(orders()).hasSize(1);
    }

    @Test
    void item_15_6_an_accepted_order_is_absent_from_the_list_for_a_while() {
        server.faults("{\"hide_orders_seconds\":30}");
        String number = ClientProgram.number(program.buy("005930", "00", 1, 150_000));
        assertThat(orders()).isEmpty();

        server.jump(Duration.ofSeconds(31));

        assertThat(orders()).hasSize(1);
        assertThat(orders().get(0).path("odno").stringValue()).isEqualTo(number);
    }

    @Test
    void item_15_6_the_balance_lags_behind_a_fill() {
        assertThat(program.balance().json().path("output1")).isEmpty();
        server.faults("{\"balance_lag_seconds\":30}");
        program.buy("005930", "01", 2, 0);
        assertThat(program.balance().json().path("output1")).isEmpty();

        server.jump(Duration.ofSeconds(31));

        assertThat(program.balance().json().path("output1")).hasSize(1);
    }

    @Test
    void item_15_6_a_broken_answer_has_rt_cd_0_with_http_500_and_the_order_exists() {
        server.faults("{\"broken_answers\":{\"on\":\"orders\"}}");

        RawHttp.Answer broken = program.buy("005930", "00", 1, 150_000);

        assertThat(broken.code()).isEqualTo("500 IGW00009");
        assertThat(broken.json().path("rt_cd").stringValue()).isEqualTo("0");
        assertThat(broken.json().path("msg1").stringValue().strip()).isEqualTo("응답전문 구성 중 오류가 발생하였습니다.");
        assertThat(orders()).hasSize(1);
    }
}
