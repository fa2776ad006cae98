/** History: backfills, tick recordings, warm-ups and their figures. */
@NullMarked
package kr.kisgateway.api.history;

import org.jspecify.annotations.NullMarked;
