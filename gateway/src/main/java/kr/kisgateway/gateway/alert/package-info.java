/**
 * Alerts for operators: the last ones, bounded. {@link kr.kisgateway.gateway.alert.AlertLog} stores
 * them, {@link kr.kisgateway.gateway.alert.AlertRoutes} returns them. A component records the cause in the journal
 * before it raises an alert; this is memory only.
 */
@NullMarked
package kr.kisgateway.gateway.alert;

import org.jspecify.annotations.NullMarked;
