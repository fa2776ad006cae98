package kr.kisgateway.gateway.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.edge.AnyPathListener.Answer;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.market.KrxCalendar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** The texts of the gateway's own refusals at the KIS-compatible port. */
class OrderRefusalsTest {
    private static final int WIDTH = 80;

    private final OrderRefusals refusals =
            new OrderRefusals(false, InstantSource.fixed(Instant.parse("2026-11-23T01:00:00Z")), new KrxCalendar());

    private static String text(Answer.Text answer) {
        return JsonMapper.shared().readTree(answer.body()).path("msg1").asString();
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void every_refusal_fits_and_ends_with_its_code_and_refers_to_nothing_that_the_client_does_not_get(ErrorCode code) {
        String text = text(refusals.refused(Refusal.of(code, "a message in English")));

        assertThat(text.length()).isLessThanOrEqualTo(WIDTH);
        assertThat(text.strip()).endsWith("[" + code + "]").doesNotContain("상세 정보", "메시지에");
    }

    @Test
    void a_price_off_the_ticks_is_refused_with_the_nearest_valid_prices() {
        var refusal = Refusal.of(ErrorCode.INVALID_TICK_SIZE, "off").with("nearest", List.of(149_900L, 150_000L));

        assertThat(text(refusals.refused(refusal)).strip())
                .isEqualTo("호가단위에 맞지 않는 가격입니다. 가까운 유효 가격: 149900, 150000. [INVALID_TICK_SIZE]");
    }

    @Test
    void what_may_be_done_yet_is_in_doubt_and_asks_for_no_repetition() {
        Answer.Text answer = refusals.refused(Refusal.of(ErrorCode.JOURNAL_UNAVAILABLE, "repeat it with its key"));

        assertThat(JsonMapper.shared().readTree(answer.body()).path("msg_cd").asString())
                .isEqualTo("EGW00301");
        assertThat(text(answer)).doesNotContain("반복");
    }

    @Test
    void what_blocks_trading_is_named() {
        var refusal = Refusal.of(ErrorCode.NOT_READY, "not ready").with("blockers", List.of("RECONCILING"));

        assertThat(text(refusals.refused(refusal))).isEqualTo("지금은 주문할 수 없습니다. 차단 사유: RECONCILING. [NOT_READY]");
    }
}
