/** Portfolio: cash and positions of an account. */
@NullMarked
package kr.kisgateway.api.portfolio;

import org.jspecify.annotations.NullMarked;
