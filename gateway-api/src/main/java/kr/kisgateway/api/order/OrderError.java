package kr.kisgateway.api.order;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.OneOf;

/**
 * Category of the last error: why the order ended or is delayed. {@code INVALID_ORDER} comes from the old API and is
 * never returned: an invalid order is refused with a code of its own before it is accepted. | 마지막 오류 구분. 주문이 종료되거나
 * 지연된 사유입니다. INVALID_ORDER 는 이전 API 의 값으로 사용하지 않습니다. 잘못된 주문은 접수 전에 별도 코드로 거부합니다.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@OneOf({
    "RATE_LIMIT",
    "AUTH",
    "INVALID_ORDER",
    "UNKNOWN",
    "BROKER_REJECTED",
    "KILL_SWITCH",
    "NOT_FOUND_AT_BROKER",
    "NOT_SENT"
})
public @interface OrderError {}
