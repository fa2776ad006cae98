package kr.kisgateway.api.parent;

import java.math.BigDecimal;
import java.util.Optional;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.Range;

/**
 * How far a trailing price follows the best one; one of both. | 추적 간격. 둘 중 하나만 지정합니다.
 *
 * @param amount In won, or dollars of a US stock. | 금액(국내 원, 미국 주식 달러).
 * @param percent In percent of the best price, at most 50 and with 2 decimals. | 최고(최저)가 대비 %. 50 이하, 소수 둘째 자리까지.
 */
public record Trail(
        @Range(above = 0) @OmittedWhenEmpty Optional<BigDecimal> amount,
        @Range(above = 0) @OmittedWhenEmpty Optional<BigDecimal> percent) {}
