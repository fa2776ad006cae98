/** Lines of batches: expected effort, failures and final figures. */
@NullMarked
package kr.kisgateway.api.batch;

import org.jspecify.annotations.NullMarked;
