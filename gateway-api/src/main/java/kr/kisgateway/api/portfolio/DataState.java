package kr.kisgateway.api.portfolio;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.OneOf;

/**
 * Reliability of account figures. {@code KNOWN}: KIS's current answer. {@code STALE}: KIS does not answer, the figures
 * are those of {@code age_ms} ago, ten minutes at most. Without any answer the call is refused with 503
 * {@code PORTFOLIO_PROVIDER_UNAVAILABLE}. | 계좌 수치의 상태. {@code KNOWN}: KIS의 현재 응답. {@code STALE}(지연): KIS가 응답하지 않아
 * {@code age_ms} 전의 응답을 제공합니다 (최대 10분). 제공할 응답이 없으면 503 {@code PORTFOLIO_PROVIDER_UNAVAILABLE}로 거부합니다.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@OneOf({"KNOWN", "STALE"})
public @interface DataState {}
