/** A gateway over days: what grows, and whether it may. */
@NullMarked
package kr.kisgateway.bench.soak;

import org.jspecify.annotations.NullMarked;
