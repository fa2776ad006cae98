package kr.kisgateway.api.instrument;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.OneOf;

/**
 * Market with a listing of its own; AMEX is NYSE American and Arca. | 종목 정보가 별도로 제공되는 시장. AMEX 는 NYSE American 과
 * Arca.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@OneOf({"KOSPI", "KOSDAQ", "KONEX", "NASD", "NYSE", "AMEX"})
public @interface ListingMarket {}
