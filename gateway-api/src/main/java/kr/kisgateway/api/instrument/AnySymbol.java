package kr.kisgateway.api.instrument;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.Form;

/**
 * Symbol of a Korean or US instrument, as 005930 or AAPL.NASD. | 국내 또는 미국 종목코드. 예: 005930, AAPL.NASD.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@Form("^(([0-9A-Z]{6}|Q[0-9]{6})|[A-Z0-9]{1,12}(-[A-Z0-9]{1,4})?[.](NASD|NYSE|AMEX))$")
public @interface AnySymbol {}
