/** Risk limits, the evaluation of an order against them, and the kill switch. */
@NullMarked
package kr.kisgateway.api.risk;

import org.jspecify.annotations.NullMarked;
