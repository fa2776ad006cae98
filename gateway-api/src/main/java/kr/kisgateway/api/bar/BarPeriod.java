package kr.kisgateway.api.bar;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.OneOf;

/**
 * Period of a bar: minutes, {@code D} a day, {@code W} a week from Monday on, {@code M} a month, {@code Y} a year. Case
 * matters: {@code 1m} is a minute, {@code M} a month. | 봉 주기: 분, {@code D}(일), {@code W}(주, 월요일부터), {@code M}(월),
 * {@code Y}(년). 대소문자를 구분합니다: {@code 1m}은 1분, {@code M}은 월.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@OneOf({"1m", "3m", "5m", "10m", "30m", "60m", "D", "W", "M", "Y"})
public @interface BarPeriod {}
