package kr.kisgateway.api.instrument;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.Form;

/**
 * Symbol of a US stock: ticker, a dot and the exchange, as AAPL.NASD. A class of shares, which brokers write after a
 * slash (BRK/B), follows a dash, as BRK-B.NYSE. | 미국 종목코드. 티커, 점, 거래소 순서. 예: AAPL.NASD. 증권사가 빗금으로 적는 종류주식(BRK/B)은
 * 붙임표로 표기. 예: BRK-B.NYSE.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@Form("^[A-Z0-9]{1,12}(-[A-Z0-9]{1,4})?[.](NASD|NYSE|AMEX)$")
public @interface UsSymbol {}
