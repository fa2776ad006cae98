/** Decoding rate of frames: JMH benchmarks of the parser and of its floor, a bare loop. */
@NullMarked
package kr.kisgateway.bench.decode;

import org.jspecify.annotations.NullMarked;
