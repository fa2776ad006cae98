package kr.kisgateway.api.order;

import java.util.OptionalLong;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.Range;

/**
 * New terms of an order; at least one field is required. | 주문 정정 내용. 하나 이상 필수.
 *
 * @param qty New total quantity of the order in shares; it can only be raised while the order is {@code QUEUED}. Left
 *     out when it does not change. | 정정 후 총 주문수량(주). 증가는 QUEUED 상태에서만 가능합니다. 변경하지 않으면 생략.
 * @param price New limit price in won. Left out when it does not change. | 정정가격(원). 변경하지 않으면 생략.
 */
public record ModifyRequest(
        @Range(min = 1) @OmittedWhenEmpty OptionalLong qty,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong price) {}
