/** Session with KIS: status, allocation of registrations, readiness for trading and its blockers. */
@NullMarked
package kr.kisgateway.api.session;

import org.jspecify.annotations.NullMarked;
