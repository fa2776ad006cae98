package kr.kisgateway.requirement;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The row of the requirements, and the clause of it, that a test verifies. On a class it applies to all its tests. The
 * page is generated from the sources of the tests, so nothing reads it at run time.
 */
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target({ElementType.TYPE, ElementType.METHOD})
@Repeatable(Requirement.Requirements.class)
public @interface Requirement {
    /** The row, such as {@code G-05}. */
    String value();

    /**
     * The clause of the row, such as {@code sim}; without one the test is listed with the row and verifies no clause.
     */
    String clause() default "";

    /** Contains the annotations of a test that verifies more than one row or clause. */
    @Documented
    @Retention(RetentionPolicy.SOURCE)
    @Target({ElementType.TYPE, ElementType.METHOD})
    @interface Requirements {
        /** The annotations, as written. */
        Requirement[] value();
    }
}
