package kr.kisgateway.api.order;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.Form;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.Range;
import kr.kisgateway.api.schema.Size;

/**
 * A batch of up to 100 orders of one account, which become durable in one commit. | 한 계좌의 일괄 주문. 최대 100건이며 한 번에
 * 기록합니다.
 *
 * @param orders Orders, all of one account, each with its own idempotency key. | 주문 목록. 모두 같은 계좌이며 주문마다 멱등키가 필요합니다.
 */
public record BatchRequest(@Size(min = 1, max = 100) List<NewOrder> orders) {

    /**
     * One order of a batch: an {@code OrderRequest} with an idempotency key and without {@code dry_run}. | 일괄 주문의 한
     * 건. OrderRequest 에 멱등키를 더하고 dry_run 을 뺀 형태입니다.
     *
     * @param idempotencyKey Idempotency key of this order, 1 to 200 visible ASCII characters. | 이 주문의 멱등키. 표시 가능한
     *     ASCII 1 ~ 200자.
     * @param accountId Alias of the account. | 계좌 별칭.
     * @param symbol Symbol of a Korean instrument. | 국내 종목코드.
     * @param side {@code BUY} or {@code SELL}, in any letter case. | 매매구분. BUY 또는 SELL(대소문자 무관).
     * @param qty Quantity in shares, 1 to 9,999,999,999. | 주문수량(주). 1 ~ 9,999,999,999.
     * @param orderType {@code LIMIT}, {@code MARKET}, {@code CONDITIONAL}, {@code BEST}, {@code TOP}, {@code MID},
     *     {@code STOP_LIMIT} or {@code CLOSE_PRICE}, in any letter case; when left out, LIMIT with a price and MARKET without
     *     one. | 주문 유형(대소문자 무관). 생략 시 가격이 있으면 LIMIT, 없으면 MARKET.
     * @param session {@code REGULAR}, {@code PRE_OPEN}, {@code AFTER_HOURS}, {@code AFTER_MARKET}, {@code NXT_PRE} or
     *     {@code NXT_AFTER}, in any letter case. Default: {@code REGULAR}, for CLOSE_PRICE {@code AFTER_HOURS}. | 거래
     *     세션(대소문자 무관). 기본값 REGULAR, CLOSE_PRICE 는 AFTER_HOURS.
     * @param timeInForce {@code DAY}, {@code IOC} or {@code FOK}, in any letter case. Default: {@code DAY}. | 유효 조건(대소문자
     *     무관). 기본값 DAY.
     * @param price Limit price, whole won (1 to 999,999,999,999), or dollars of a US stock, four decimals at most; required for LIMIT,
     *     CONDITIONAL, STOP_LIMIT, LOO and LOC, refused for the
     *     others. | 주문가격. 국내는 원(1 ~ 999,999,999,999), 미국 주식은 달러(소수 4자리까지). LIMIT, CONDITIONAL, STOP_LIMIT, LOO, LOC 는 필수, 그 외에는 지정 불가.
     * @param stopPrice Price in won whose trade triggers the order; required for STOP_LIMIT, refused for the others. |
     *     조건가격(원). STOP_LIMIT 은 필수, 그 외에는 지정 불가.
     * @param venue {@code KRX}, {@code NXT}, or {@code SOR} for KIS's routing over both, in any letter case. Default:
     *     {@code KRX}. | 거래소(대소문자 무관). SOR 은 최선집행. 기본값 KRX.
     * @param strategyId Strategy label, at most 64 characters. A key for one strategy may only send that label or
     *     leave it out. | 전략 이름. 최대 64자. 전략이 지정된 키는 그 이름만 보내거나 생략합니다.
     * @param dispatchBy Deadline for sending, at most 12 hours ahead; the order is not sent after it. When left out,
     *     2 s for a market order and 5 s for any other, in mock 10 s and 15 s ({@code ORDER_DISPATCH_BY_MARKET},
     *     {@code ORDER_DISPATCH_BY_LIMIT}). | 전송 기한. 최대 12시간 이내이며 이후에는 전송하지 않습니다. 생략 시 시장가 2초, 그 외 5초(모의투자는 10초,
     *     15초).
     * @param credit Loan that the order takes out (buy) or repays (sell), of a Korean stock and not in mock; when left out, the order
     *     is in cash. | 융자 신규(매수) 또는 상환(매도). 국내 주식만, 모의투자 제외. 생략 시 현금 주문.
     * @param offset {@code auto}: the gateway chooses the price of a LIMIT order of a Korean stock, a buy below and a sale above the last
     *     price ({@code ORDER_OFFSETS}), and re-prices it. | auto 면 국내 주식 지정가의 가격을 게이트웨이가 정합니다. 매수는 현재가보다 낮게, 매도는 높게(ORDER_OFFSETS).
     * @param reprice Re-pricing of a LIMIT order of a Korean stock that rests. | 미체결 시 가격 재조정. 국내 주식 지정가만.
     */
    public record NewOrder(
            String idempotencyKey,
            String accountId,
            @AnySymbol String symbol,
            @Form("^([Bb][Uu][Yy]|[Ss][Ee][Ll][Ll])$") String side,
            @Range(min = 1) long qty,
            @OmittedWhenEmpty Optional<String> orderType,
            @OmittedWhenEmpty Optional<String> session,
            @OmittedWhenEmpty Optional<String> timeInForce,
            @Range(above = 0) @OmittedWhenEmpty Optional<BigDecimal> price,
            @Range(min = 1) @OmittedWhenEmpty OptionalLong stopPrice,
            @OmittedWhenEmpty Optional<String> venue,
            @OmittedWhenEmpty Optional<String> strategyId,
            @OmittedWhenEmpty Optional<OffsetDateTime> dispatchBy,
            @OmittedWhenEmpty Optional<CreditRequest> credit,
            @OmittedWhenEmpty Optional<String> offset,
            @OmittedWhenEmpty Optional<RepriceRequest> reprice) {}
}
