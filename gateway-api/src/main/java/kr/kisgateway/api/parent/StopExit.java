package kr.kisgateway.api.parent;

import java.math.BigDecimal;
import java.util.Optional;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.Range;

/**
 * An exit that is placed when a price is reached; either {@code price} or {@code trail}. | 손절 주문. price 와 trail 중 하나를 지정합니다.
 *
 * @param price Price that triggers it. | 조건 가격.
 * @param trail A trigger that follows the best price. | 최고(최저)가를 따라가는 조건.
 * @param limitPrice Limit price of its order; when left out, a market order, which US stocks do not have. | 주문가격. 생략 시 시장가. 미국
 *     주식은 필수.
 */
public record StopExit(
        @Range(above = 0) @OmittedWhenEmpty Optional<BigDecimal> price,
        @OmittedWhenEmpty Optional<Trail> trail,
        @Range(above = 0) @OmittedWhenEmpty Optional<BigDecimal> limitPrice) {}
