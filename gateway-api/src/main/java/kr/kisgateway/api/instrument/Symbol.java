package kr.kisgateway.api.instrument;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.Form;

/**
 * Symbol of a Korean instrument: six characters of 0-9 and A-Z, or Q and six digits. | 국내 종목코드. 숫자와 영문 대문자 6자리, 또는 Q
 * 와 숫자 6자리.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@Form("^([0-9A-Z]{6}|Q[0-9]{6})$")
public @interface Symbol {}
