package kr.kisgateway.api.order;

import java.util.OptionalLong;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.Range;

/**
 * Re-pricing of a limit order that rests. | 미체결 지정가 주문의 가격 재조정.
 *
 * @param afterMs Milliseconds that it rests at a price before it gets another one, closer to the last price. Default: 5,000. | 한 가격에서 기다리는
 *     시간(ms). 지나면 현재가에 더 가까운 가격으로 정정합니다. 기본값 5,000.
 * @param max How often it gets another price; the last is the last price of that moment. 0 only with {@code offset}. Default: 2. |
 *     최대 정정 횟수. 마지막 정정은 그 시점의 현재가입니다. 0 은 offset 과 함께만 가능. 기본값 2.
 */
public record RepriceRequest(
        @Range(min = 1_000, max = 600_000) @OmittedWhenEmpty OptionalLong afterMs,
        @Range(min = 0, max = 10) @OmittedWhenEmpty OptionalLong max) {}
