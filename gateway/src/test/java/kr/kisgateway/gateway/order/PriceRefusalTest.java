package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which refusals are for the price: the code of paper trading, or a text that names the tick or the limits. */
class PriceRefusalTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            40030000, 모의투자 주문처리가 안되었습니다(호가단위 오류), true
            40270000, 모의투자 상/하한가 오류,                       true
            40270000, '',                                        true
            APBK0506, 주문단가의 호가단위를 확인하십시오.,              true
            APBK0506, 주문단가가 상/하한가를 벗어났습니다.,             true
            APBK9999, 상하한가 초과,                               true
            APBK0506, 거래소ID구분코드를 확인하십시오.,                false
            APBK0506, 거래정지 종목입니다.,                          false
            APBK0344, 정정/취소 가능수량이 없습니다.,                 false
            NOT_FOUND_AT_BROKER, a minute later the order rests as before, false
            """)
    void a_refusal_is_for_the_price_by_its_code_or_its_text(String code, String text, boolean expected) {
        assertThat(PriceRefusal.is(code, text)).isEqualTo(expected);
    }
}
