package kr.kisgateway.api.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The smallest and the largest number; unset, without a bound. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
public @interface Range {
    /** The bound below that the number must exceed. */
    long above() default Long.MIN_VALUE;

    long min() default Long.MIN_VALUE;

    long max() default Long.MAX_VALUE;
}
