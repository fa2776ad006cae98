/** Errors: the answer of every refused request. */
@NullMarked
package kr.kisgateway.api.error;

import org.jspecify.annotations.NullMarked;
