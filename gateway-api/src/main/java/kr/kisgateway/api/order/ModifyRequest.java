package kr.kisgateway.api.order;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.Range;

/**
 * New terms of an order; at least one field is required. | 주문 정정 내용. 하나 이상 필수.
 *
 * @param qty New total quantity of the order in shares; raising it needs {@code replace} once the order
 *     is no longer {@code QUEUED}. Left out when it does not change. | 정정 후 총 주문수량(주). QUEUED 이후의 증가는 replace 가 필요합니다. 변경하지
 *     않으면 생략.
 * @param price New limit price, whole won, or dollars of a US stock. Left out when it does not change. | 정정가격(국내 원, 미국 주식 달러). 변경하지 않으면 생략.
 * @param replace {@code true} cancels an order that KIS cannot make larger, and places another for all that is not filled, once
 *     the cancel is proven, at the end of the queue. Default: {@code false}. | true 면 KIS 가 늘릴 수 없는 주문을 취소하고, 취소가 확인된 뒤 미체결
 *     수량 전체를 새 주문으로 접수합니다(순위는 맨 뒤). 기본값 false.
 */
public record ModifyRequest(
        @Range(min = 1) @OmittedWhenEmpty OptionalLong qty,
        @Range(above = 0) @OmittedWhenEmpty Optional<BigDecimal> price,
        @OmittedWhenEmpty Optional<Boolean> replace) {}
