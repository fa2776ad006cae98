package kr.kisgateway.api.parent;

import java.math.BigDecimal;
import java.util.Optional;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * A trade at a price or beyond it. | 가격 조건.
 *
 * @param symbol Symbol whose trades are watched; when left out, that of the order. | 지켜볼 종목. 생략 시 주문 종목.
 * @param direction Whether the price is reached from below or from above. | AT_OR_ABOVE 이상, AT_OR_BELOW 이하.
 * @param price The price, not reached yet. | 조건 가격. 아직 도달하지 않은 가격이어야 합니다.
 */
public record PriceCondition(
        @AnySymbol @OmittedWhenEmpty Optional<String> symbol,
        @OneOf({"AT_OR_ABOVE", "AT_OR_BELOW"}) String direction,
        @Range(above = 0) BigDecimal price) {}
