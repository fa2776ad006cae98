/** Figures, their targets, and the failure of a measurement. */
@NullMarked
package kr.kisgateway.bench.result;

import org.jspecify.annotations.NullMarked;
