/** Decoding rate of frames: the parser and its floor, a bare loop, in turns. */
@NullMarked
package kr.kisgateway.bench.decode;

import org.jspecify.annotations.NullMarked;
