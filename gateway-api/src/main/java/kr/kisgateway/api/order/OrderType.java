package kr.kisgateway.api.order;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.OneOf;

/**
 * Type of an order: {@code LIMIT} with a price, {@code MARKET} without one. | 주문 유형(LIMIT 지정가, MARKET 시장가).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@OneOf({"LIMIT", "MARKET"})
public @interface OrderType {}
