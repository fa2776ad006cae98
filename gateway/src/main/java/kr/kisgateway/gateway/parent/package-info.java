/**
 * Parent orders: what places orders of its own, later by a rule or many at once. Each order is an ordinary one with every check and
 * limit of its time; the parent survives a restart in the same journal, and places each of its orders under one idempotency key, so
 * at most once.
 */
@NullMarked
package kr.kisgateway.gateway.parent;

import org.jspecify.annotations.NullMarked;
