package kr.kisgateway.api.log;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.OneOf;

/** Level of the log: events of it and above are logged. | 로그 수준. 이 수준 이상을 기록합니다. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@OneOf({"TRACE", "DEBUG", "INFO", "WARN", "ERROR"})
public @interface LogLevel {}
