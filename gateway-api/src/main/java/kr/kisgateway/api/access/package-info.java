/** Access: API keys and roles. */
@NullMarked
package kr.kisgateway.api.access;

import org.jspecify.annotations.NullMarked;
