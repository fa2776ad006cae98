/**
 * Who owns the KIS session and whether the gateway can trade. The routes here show what
 * {@link kr.kisgateway.gateway.session.SessionView} tells and what blocks trading; other capabilities add their
 * blockers by name through {@link kr.kisgateway.gateway.session.Readiness}.
 */
@NullMarked
package kr.kisgateway.gateway.session;

import org.jspecify.annotations.NullMarked;
