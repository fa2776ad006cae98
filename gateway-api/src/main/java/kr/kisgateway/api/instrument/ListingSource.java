package kr.kisgateway.api.instrument;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.OneOf;

/**
 * List that applies. master: the broker's master file of the day; kept: the last good one; shipped: the list that
 * comes with the program. | 종목 정보 출처. master 당일 증권사 종목마스터, kept 마지막 정상 종목마스터, shipped 프로그램에 포함된 목록.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@OneOf({"master", "kept", "shipped"})
public @interface ListingSource {}
