package kr.kisgateway.api.order;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.OneOf;

/**
 * How long an order is valid: {@code DAY}, {@code IOC} (what does not fill at once is cancelled), {@code FOK} (all at once or
 * nothing). | 유효 조건(DAY 당일, IOC 즉시 체결분 외 취소, FOK 전량 즉시 체결 또는 취소).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@OneOf({"DAY", "IOC", "FOK"})
public @interface TimeInForce {}
