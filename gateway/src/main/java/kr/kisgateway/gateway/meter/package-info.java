/** The registry of meters: what the gateway counts and measures, by name. The table is docs/METRICS.md. */
@NullMarked
package kr.kisgateway.gateway.meter;

import org.jspecify.annotations.NullMarked;
