/**
 * Requirements and the tests that verify them: the annotation of tests, and the page generated from it. Add nothing
 * here that a delivered module needs: only tests depend on it.
 */
@NullMarked
package kr.kisgateway.requirement;

import org.jspecify.annotations.NullMarked;
