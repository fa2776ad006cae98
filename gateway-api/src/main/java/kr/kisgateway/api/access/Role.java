package kr.kisgateway.api.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.OneOf;

/**
 * Role of a key; each role includes those before it. {@code quote} reads market data; {@code trade} also places orders
 * and reads its accounts; {@code operator} also makes calls that concern all callers; {@code admin} also manages keys.
 * | 키의 역할. 뒤의 역할은 앞의 역할을 포함합니다. {@code quote}: 시세 조회. {@code trade}: 주문과 자기 계좌 조회. {@code operator}: 모든 호출자에게 영향을 주는
 * 호출. {@code admin}: 키 관리.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@OneOf({"quote", "trade", "operator", "admin"})
public @interface Role {}
