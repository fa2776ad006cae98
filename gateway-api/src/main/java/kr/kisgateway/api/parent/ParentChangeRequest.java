package kr.kisgateway.api.parent;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.Range;

/**
 * New terms of what waits to be placed; at least one field is required. | 접수 대기 중인 주문의 변경 내용. 하나 이상 필수.
 *
 * @param qty New quantity in shares. Left out when it does not change. | 변경할 수량(주). 변경하지 않으면 생략.
 * @param price New limit price, whole won, or dollars of a US stock. Left out when it does not change. | 변경할 가격(국내 원, 미국
 *     주식 달러). 변경하지 않으면 생략.
 * @param at New time. Left out when it does not change. | 변경할 접수 시각. 변경하지 않으면 생략.
 * @param until New time past which it is not placed; when {@code at} alone changes, it moves with it. Of a {@code BASKET} the only
 *     change, of its orders that wait for their market. | 변경할 접수 기한. at 만 변경하면 함께 이동합니다. BASKET 은 시장을 기다리는 주문의 이 값만 변경합니다.
 * @param when New condition of a {@code CONDITIONAL}. | CONDITIONAL 의 변경할 조건.
 * @param trail New distance of a {@code TRAILING_STOP}. | TRAILING_STOP 의 변경할 간격.
 * @param takeProfit New take-profit of a {@code BRACKET} that is not placed yet. | 아직 접수하지 않은 BRACKET 의 이익 실현 주문.
 * @param stop New stop of an {@code OCO} or a {@code BRACKET}. | OCO 와 BRACKET 의 변경할 손절 주문.
 */
public record ParentChangeRequest(
        @Range(min = 1) @OmittedWhenEmpty OptionalLong qty,
        @Range(above = 0) @OmittedWhenEmpty Optional<BigDecimal> price,
        @OmittedWhenEmpty Optional<OffsetDateTime> at,
        @OmittedWhenEmpty Optional<OffsetDateTime> until,
        @OmittedWhenEmpty Optional<PriceCondition> when,
        @OmittedWhenEmpty Optional<Trail> trail,
        @OmittedWhenEmpty Optional<TakeProfitExit> takeProfit,
        @OmittedWhenEmpty Optional<StopExit> stop) {
    /** A change of an order at a time. */
    public static ParentChangeRequest scheduled(
            OptionalLong qty, Optional<BigDecimal> price, Optional<OffsetDateTime> at, Optional<OffsetDateTime> until) {
        return new ParentChangeRequest(
                qty, price, at, until, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
