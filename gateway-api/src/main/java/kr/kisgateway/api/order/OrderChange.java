package kr.kisgateway.api.order;

import java.time.OffsetDateTime;
import kr.kisgateway.api.schema.OneOf;

/**
 * A cancel, modification or operator decision that a caller requested for an order. | 호출자가 요청한 취소·정정·수동 확정.
 *
 * @param kind Kind of the request; {@code RESOLVE} is an operator's decision about a request in doubt. | 요청 종류(CANCEL
 *     취소, MODIFY 정정, RESOLVE 수동 확정).
 * @param by Name of the API key that requested it; for cancel-all and the kill switch, of the key that called it. |
 *     요청한 API 키 이름. 일괄 취소와 긴급 정지는 그것을 호출한 키.
 * @param at Time of the request. | 요청 시각.
 */
public record OrderChange(
        @OneOf({"CANCEL", "MODIFY", "RESOLVE"}) String kind, String by, OffsetDateTime at) {}
