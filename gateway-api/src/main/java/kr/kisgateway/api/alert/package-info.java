/** Alerts: conditions that an operator has to be informed of. */
@NullMarked
package kr.kisgateway.api.alert;

import org.jspecify.annotations.NullMarked;
