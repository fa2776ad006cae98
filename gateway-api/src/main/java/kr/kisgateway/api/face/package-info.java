/** The programs at the KIS-compatible port. */
@NullMarked
package kr.kisgateway.api.face;

import org.jspecify.annotations.NullMarked;
