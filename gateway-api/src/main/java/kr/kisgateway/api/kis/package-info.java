/** KIS's own APIs by their names. */
@NullMarked
package kr.kisgateway.api.kis;

import org.jspecify.annotations.NullMarked;
