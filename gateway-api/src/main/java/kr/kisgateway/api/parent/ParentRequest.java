package kr.kisgateway.api.parent;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.order.OrderRequest;
import kr.kisgateway.api.schema.Form;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;
import kr.kisgateway.api.schema.Size;

/**
 * Orders to place later, and to cancel as one. | 조건이나 시각에 따라 접수하고 하나로 취소하는 주문.
 *
 * @param kind {@code SCHEDULED}: at a time. {@code CONDITIONAL}: when {@code when} or {@code after_fill_of} happens. {@code
 *     TRAILING_STOP}: when the price is {@code trail} away from the best one. {@code OCO}: the order rests, and {@code stop}
 *     takes its place. {@code BRACKET}: an entry, and then {@code take_profit} and {@code stop}. {@code TWAP}: {@code slices}
 *     until {@code until}. {@code BASKET}: {@code orders} now. When left out with {@code at}: {@code SCHEDULED}. | 종류. SCHEDULED
 *     예약, CONDITIONAL 조건, TRAILING_STOP 추적 손절, OCO 양방향, BRACKET 진입과 청산, TWAP 시간 분할, BASKET 여러 종목. at 이 있으면 생략 시 SCHEDULED.
 * @param at When to place it, at most 31 days ahead; its market must accept it then. Of {@code TWAP} the start, now when left out. |
 *     접수 시각. 31일 이내이며 그때 접수 가능한 주문이어야 합니다. TWAP 은 시작 시각(생략 시 지금).
 * @param until Past which nothing is placed. When left out: 60 s after {@code at}, at most 12 hours after it; of the kinds that
 *     wait for something, the end of the market's day, at most 31 days ahead; {@code TWAP} needs it. | 이 시각 이후에는 접수하지 않습니다. 생략 시 at
 *     60초 뒤(12시간 이내), 조건을 기다리는 종류는 시장 날짜의 끝(31일 이내). TWAP 은 필수.
 * @param order Order to place, without {@code dispatch_by} and {@code dry_run}; of {@code BRACKET} the entry, of {@code OCO} the
 *     one that rests; of every kind but {@code BASKET}. | 접수할 주문. dispatch_by 와 dry_run 은 지정할 수 없습니다. BRACKET 은 진입 주문, OCO 는 먼저 접수되는
 *     지정가 주문. BASKET 외에는 필수.
 * @param when Price of a {@code CONDITIONAL}. | CONDITIONAL 의 가격 조건.
 * @param afterFillOf Id of an open order of a {@code CONDITIONAL}, all shares of which have to be filled. | 모두 체결되어야 하는 주문의 ID.
 * @param trail Distance of a {@code TRAILING_STOP}. | TRAILING_STOP 의 추적 간격.
 * @param takeProfit Exit of a {@code BRACKET}; it may be left out. | BRACKET 의 이익 실현 주문. 생략 가능.
 * @param stop Exit of an {@code OCO} or a {@code BRACKET}. | OCO 와 BRACKET 의 손절 주문.
 * @param slices Orders of a {@code TWAP}, at least a second apart. | TWAP 의 분할 수. 1초 이상 간격.
 * @param accountId Alias of the account of a {@code BASKET}; {@code order} has that of the others. | BASKET 의 계좌 별칭. 그 외에는 order 에
 *     지정합니다.
 * @param side Of the lines of a {@code BASKET} that have none of their own. | 매매구분을 생략한 BASKET 줄의 값.
 * @param orders Lines of a {@code BASKET}. | BASKET 의 주문들.
 * @param amount Won that the weights of a {@code BASKET} are parts of; required with a weight, refused without one. | BASKET 비중의 기준
 *     금액(원). weight 가 있으면 필수, 없으면 지정 불가.
 * @param partial {@code true} leaves bad lines of a {@code BASKET} out; else one of them and nothing is placed. Default: {@code
 *     false}. | true 면 BASKET 의 잘못된 줄만 제외합니다. 기본값 false 는 하나라도 잘못되면 아무것도 접수하지 않습니다.
 * @param dryRun {@code true} evaluates a {@code BASKET} without creating it; it needs no idempotency key. Default: {@code false}. |
 *     true 면 BASKET 을 접수하지 않고 점검만 합니다. 멱등키가 필요 없습니다. 기본값 false.
 */
public record ParentRequest(
        @OneOf({"SCHEDULED", "CONDITIONAL", "TRAILING_STOP", "OCO", "BRACKET", "TWAP", "BASKET"}) @OmittedWhenEmpty
        Optional<String> kind,

        @OmittedWhenEmpty Optional<OffsetDateTime> at,
        @OmittedWhenEmpty Optional<OffsetDateTime> until,
        @OmittedWhenEmpty Optional<OrderRequest> order,
        @OmittedWhenEmpty Optional<PriceCondition> when,
        @OmittedWhenEmpty Optional<String> afterFillOf,
        @OmittedWhenEmpty Optional<Trail> trail,
        @OmittedWhenEmpty Optional<TakeProfitExit> takeProfit,
        @OmittedWhenEmpty Optional<StopExit> stop,
        @Range(min = 2, max = 100) @OmittedWhenEmpty OptionalLong slices,
        @OmittedWhenEmpty Optional<String> accountId,

        @Form("^([Bb][Uu][Yy]|[Ss][Ee][Ll][Ll])$") @OmittedWhenEmpty
        Optional<String> side,

        @Size(min = 1, max = 100) @OmittedWhenEmpty Optional<List<BasketOrder>> orders,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong amount,
        @OmittedWhenEmpty Optional<Boolean> partial,
        @OmittedWhenEmpty Optional<Boolean> dryRun) {
    /** An order at a time. */
    public static ParentRequest scheduled(OffsetDateTime at, Optional<OffsetDateTime> until, OrderRequest order) {
        return new ParentRequest(
                Optional.empty(),
                Optional.of(at),
                until,
                Optional.of(order),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** An entry and its exits. */
    public static ParentRequest bracket(
            OrderRequest entry, Optional<TakeProfitExit> takeProfit, StopExit stop, Optional<OffsetDateTime> until) {
        return new ParentRequest(
                Optional.of("BRACKET"),
                Optional.empty(),
                until,
                Optional.of(entry),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                takeProfit,
                Optional.of(stop),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Orders of now.
     *
     * @param amount won that the weights are parts of
     * @param partial whether bad lines are left out
     * @param dryRun whether it is only evaluated
     */
    public static ParentRequest basket(
            String accountId, List<BasketOrder> orders, OptionalLong amount, boolean partial, boolean dryRun) {
        return new ParentRequest(
                Optional.of("BASKET"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.of(accountId),
                Optional.empty(),
                Optional.of(orders),
                amount,
                partial ? Optional.of(true) : Optional.empty(),
                dryRun ? Optional.of(true) : Optional.empty());
    }
}
