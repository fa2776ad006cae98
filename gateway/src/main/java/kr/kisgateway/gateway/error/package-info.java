/**
 * Everything that can go wrong, as values. {@link kr.kisgateway.gateway.error.ErrorCode} is the one table of codes;
 * a {@link kr.kisgateway.gateway.error.Refusal} is one occurrence with its message. Independent of the HTTP framework;
 * {@code gateway.http} converts a refusal to an answer. Add a code here first, with its status and whether to retry.
 */
@NullMarked
package kr.kisgateway.gateway.error;

import org.jspecify.annotations.NullMarked;
