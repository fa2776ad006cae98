/**
 * The KIS session's owner and whether the gateway can trade. The routes here return the state of
 * {@link kr.kisgateway.gateway.session.SessionView} and the blockers of trading; other capabilities add their
 * blockers by name through {@link kr.kisgateway.gateway.session.Readiness}.
 */
@NullMarked
package kr.kisgateway.gateway.session;

import org.jspecify.annotations.NullMarked;
