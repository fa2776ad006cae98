/**
 * Everything that can go wrong, as values: a {@link kr.kisgateway.gateway.error.Refusal} is one occurrence of an {@link
 * kr.kisgateway.api.error.ErrorCode} with its message, and a {@link kr.kisgateway.gateway.error.Result} is a value or the
 * refusal in its place. Independent of the HTTP framework; {@code gateway.http} converts a
 * refusal to an answer. A new code is added to that table first.
 */
@NullMarked
package kr.kisgateway.gateway.error;

import org.jspecify.annotations.NullMarked;
