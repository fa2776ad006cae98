package kr.kisgateway.api.order;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.OneOf;

/**
 * Type of an order: {@code LIMIT}, {@code MARKET}, {@code CONDITIONAL} (a limit that becomes a market order in the closing
 * auction), {@code BEST} (the other side's best price), {@code TOP} (its own side's best price), {@code MID} (the midpoint of
 * both), {@code STOP_LIMIT} (a limit from the moment at which the last price reaches {@code stop_price}), {@code CLOSE_PRICE}
 * (the close); of US stocks also {@code LOO} and {@code MOO} (limit and market when the regular session opens), {@code LOC} and
 * {@code MOC} (when it closes). | 주문 유형(LIMIT 지정가, MARKET 시장가, CONDITIONAL 조건부지정가, BEST 최유리지정가, TOP 최우선지정가, MID 중간가, STOP_LIMIT
 * 스톱지정가, CLOSE_PRICE 시간외종가; 미국 주식은 LOO 장개시지정가, MOO 장개시시장가, LOC 장마감지정가, MOC 장마감시장가).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@OneOf({"LIMIT", "MARKET", "CONDITIONAL", "BEST", "TOP", "MID", "STOP_LIMIT", "CLOSE_PRICE", "LOO", "LOC", "MOO", "MOC"
})
public @interface OrderType {}
