/**
 * Sends spans to a collector by OTLP over HTTP. Built by the composition root where a collector is set; nothing of OpenTelemetry is
 * loaded otherwise, and no other package uses it.
 */
@NullMarked
package kr.kisgateway.gateway.trace.otlp;

import org.jspecify.annotations.NullMarked;
