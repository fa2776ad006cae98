/**
 * Which test shows what was asked for: the annotation that tests carry, and the page that is made from it. Add nothing here that
 * a delivered module needs: only tests depend on it.
 */
@NullMarked
package kr.kisgateway.requirement;

import org.jspecify.annotations.NullMarked;
