/** A strategy, complete: through a running gateway, which it shares with other programs. */
@NullMarked
package kr.kisgateway.examples.strategy;

import org.jspecify.annotations.NullMarked;
