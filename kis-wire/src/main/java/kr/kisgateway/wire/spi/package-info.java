/** What one side of the wire offers for the other to find without knowing it. */
@NullMarked
package kr.kisgateway.wire.spi;

import org.jspecify.annotations.NullMarked;
