/**
 * What somebody has to know of: the last alerts, bounded, for those who ask. {@link kr.kisgateway.gateway.alert.AlertLog}
 * keeps them, {@link kr.kisgateway.gateway.alert.AlertRoutes} shows them. Whoever raises an alert has written what it is
 * about to the journal first; this is memory only.
 */
@NullMarked
package kr.kisgateway.gateway.alert;

import org.jspecify.annotations.NullMarked;
