package kr.kisgateway.api.parent;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.Form;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.Range;

/**
 * One line of a basket, with exactly one of {@code qty}, {@code amount} and {@code weight}. | 바스켓의 한 줄. qty, amount, weight 중 하나만
 * 지정합니다.
 *
 * @param symbol Symbol. | 종목코드.
 * @param side {@code BUY} or {@code SELL}, in any letter case; when left out, that of the basket. | 매매구분(대소문자 무관). 생략 시 바스켓의 값.
 * @param qty Quantity in shares. | 주문수량(주).
 * @param amount Won, of a Korean stock: as many shares as it pays for at the limit price, or without one at the last price. | 금액(원).
 *     국내 주식만. 주문가격(없으면 현재가)으로 나눈 몫이 수량입니다.
 * @param weight Percent of the basket's {@code amount}, two decimals at most, of a Korean stock. | 바스켓 amount 에 대한 비중(%). 소수 2자리까지,
 *     국내 주식만.
 * @param orderType Type, as of {@code POST /v1/orders}. | 주문 유형. POST /v1/orders 와 같습니다.
 * @param session Session, as of {@code POST /v1/orders}. | 거래 세션. POST /v1/orders 와 같습니다.
 * @param timeInForce Time in force, as of {@code POST /v1/orders}. | 유효 조건. POST /v1/orders 와 같습니다.
 * @param price Limit price, whole won, or dollars of a US stock. | 주문가격. 국내는 원, 미국 주식은 달러.
 * @param stopPrice Price in won whose trade triggers a {@code STOP_LIMIT}. | 스톱지정가의 조건가격(원).
 * @param venue Venue, as of {@code POST /v1/orders}. | 거래소. POST /v1/orders 와 같습니다.
 * @param strategyId Strategy label, at most 64 characters. | 전략 이름. 최대 64자.
 */
public record BasketOrder(
        @AnySymbol String symbol,

        @Form("^([Bb][Uu][Yy]|[Ss][Ee][Ll][Ll])$") @OmittedWhenEmpty
        Optional<String> side,

        @Range(min = 1) @OmittedWhenEmpty OptionalLong qty,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong amount,
        @Range(above = 0, max = 100) @OmittedWhenEmpty Optional<BigDecimal> weight,
        @OmittedWhenEmpty Optional<String> orderType,
        @OmittedWhenEmpty Optional<String> session,
        @OmittedWhenEmpty Optional<String> timeInForce,
        @Range(above = 0) @OmittedWhenEmpty Optional<BigDecimal> price,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong stopPrice,
        @OmittedWhenEmpty Optional<String> venue,
        @OmittedWhenEmpty Optional<String> strategyId) {}
