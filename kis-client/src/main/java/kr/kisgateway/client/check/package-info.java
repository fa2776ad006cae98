/**
 * What KIS would surely refuse, refused before a call is spent: orders, their prices and divisions, chart periods.
 */
@NullMarked
package kr.kisgateway.client.check;

import org.jspecify.annotations.NullMarked;
