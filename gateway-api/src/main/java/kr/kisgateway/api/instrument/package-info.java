/** Instruments of the Korean and US markets, their symbols and the lists they come from. */
@NullMarked
package kr.kisgateway.api.instrument;

import org.jspecify.annotations.NullMarked;
