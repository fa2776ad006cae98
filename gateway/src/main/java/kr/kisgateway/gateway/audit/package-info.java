/**
 * The audit trail: which caller did what, when, with which result and at which cost. Each call that changes something or reads an
 * account is a row, quotations are summed by minute, call, TR and caller. Rows are chained by hashes, the chain is signed, and
 * complete months move into sealed files, which stay for seven years. Uses the chain, the signing key and the journal's ports of
 * the HTTP edge and the broker; is used by the composition root and the KIS-compatible port. A further port records its calls by
 * {@link kr.kisgateway.gateway.audit.AuditTrail}.
 */
@NullMarked
package kr.kisgateway.gateway.audit;

import org.jspecify.annotations.NullMarked;
