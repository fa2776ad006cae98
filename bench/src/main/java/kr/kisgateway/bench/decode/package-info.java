/** How fast frames become ticks: JMH benchmarks of the parser and of the loop it is measured against. */
@NullMarked
package kr.kisgateway.bench.decode;

import org.jspecify.annotations.NullMarked;
