/** The audit: which caller made which call, when and with which result. */
@NullMarked
package kr.kisgateway.api.audit;

import org.jspecify.annotations.NullMarked;
