/**
 * Everything that can go wrong, as values. {@link kr.kisgateway.gateway.error.ErrorCode} is the one table of codes;
 * a {@link kr.kisgateway.gateway.error.Refusal} is one occurrence with its message. Nothing here knows HTTP's framework;
 * {@code gateway.http} turns a refusal into an answer. Add a code here first, with its status and whether to try again.
 */
@NullMarked
package kr.kisgateway.gateway.error;

import org.jspecify.annotations.NullMarked;
