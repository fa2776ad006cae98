package kr.kisgateway.api.parent;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.Range;
import kr.kisgateway.api.schema.Size;

/**
 * A change of a parent order; at least one field is required. | 예약의 변경 내용. 하나 이상 필수.
 *
 * @param qty New quantity in shares: of a {@code TWAP} of all its slices together, of a {@code BRACKET} of the entry, and once that
 *     has ended of what the exits close together, as of an {@code OCO}. An order at the exchange gets smaller and not larger. Left
 *     out when it does not change. | 변경할 수량(주). TWAP 은 전체 수량, BRACKET 은 진입 수량(진입 종료 후에는 OCO 와 같이 청산 전체 수량). 접수된 주문은 줄일 수만
 *     있습니다. 변경하지 않으면 생략.
 * @param price New limit price, whole won, or dollars of a US stock. Left out when it does not change. | 변경할 가격(국내 원, 미국
 *     주식 달러). 변경하지 않으면 생략.
 * @param at New time; of a {@code TWAP} that of the next slice. Left out when it does not change. | 변경할 접수 시각. TWAP 은 다음 분할의 시각.
 *     변경하지 않으면 생략.
 * @param until New time past which it is not placed; when {@code at} alone changes, it moves with it. Of a {@code TWAP} the
 *     end, until which the slices that wait are placed at equal intervals; of a {@code BASKET} of its orders that wait for their
 *     market. | 변경할 접수 기한. at 만 변경하면 함께 이동합니다. TWAP 은 남은 분할의 종료 시각, BASKET 은 시장을 기다리는 주문의 기한.
 * @param when New condition of a {@code CONDITIONAL}. | CONDITIONAL 의 변경할 조건.
 * @param trail New distance of a {@code TRAILING_STOP}. | TRAILING_STOP 의 변경할 간격.
 * @param takeProfit New take-profit of a {@code BRACKET} that is not placed yet. | 아직 접수하지 않은 BRACKET 의 이익 실현 주문.
 * @param stop New stop of an {@code OCO} or a {@code BRACKET}. | OCO 와 BRACKET 의 변경할 손절 주문.
 * @param drop Positions in {@code legs}, from 0, of orders of a {@code BASKET} that wait for their market and are not to be placed. |
 *     BASKET 에서 접수하지 않을 줄의 legs 순번(0부터). 시장을 기다리는 줄만 가능합니다.
 */
public record ParentChangeRequest(
        @Range(min = 1) @OmittedWhenEmpty OptionalLong qty,
        @Range(above = 0) @OmittedWhenEmpty Optional<BigDecimal> price,
        @OmittedWhenEmpty Optional<OffsetDateTime> at,
        @OmittedWhenEmpty Optional<OffsetDateTime> until,
        @OmittedWhenEmpty Optional<PriceCondition> when,
        @OmittedWhenEmpty Optional<Trail> trail,
        @OmittedWhenEmpty Optional<TakeProfitExit> takeProfit,
        @OmittedWhenEmpty Optional<StopExit> stop,
        @Size(min = 1, max = 100) @OmittedWhenEmpty Optional<List<Integer>> drop) {
    /** A change of an order at a time. */
    public static ParentChangeRequest scheduled(
            OptionalLong qty, Optional<BigDecimal> price, Optional<OffsetDateTime> at, Optional<OffsetDateTime> until) {
        return new ParentChangeRequest(
                qty,
                price,
                at,
                until,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
