/** Jobs: work in the background with its progress and results. */
@NullMarked
package kr.kisgateway.api.job;

import org.jspecify.annotations.NullMarked;
