package kr.kisgateway.api.parent;

import java.math.BigDecimal;
import kr.kisgateway.api.schema.Range;

/**
 * An exit that rests at the exchange. | 이익 실현 주문.
 *
 * @param price Its limit price. | 주문가격.
 */
public record TakeProfitExit(@Range(above = 0) BigDecimal price) {}
