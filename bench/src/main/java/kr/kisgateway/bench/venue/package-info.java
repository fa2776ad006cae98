/** Choice of a venue: JMH benchmarks of the rules, and of the router around them. */
@NullMarked
package kr.kisgateway.bench.venue;

import org.jspecify.annotations.NullMarked;
