/** Services that one side of the wire offers and the other finds without a dependency. */
@NullMarked
package kr.kisgateway.wire.spi;

import org.jspecify.annotations.NullMarked;
