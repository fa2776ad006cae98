/** Parent orders: orders that are placed later, by a rule. */
@NullMarked
package kr.kisgateway.api.parent;

import org.jspecify.annotations.NullMarked;
