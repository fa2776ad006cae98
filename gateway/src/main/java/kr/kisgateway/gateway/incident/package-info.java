/**
 * Reports of incidents. While the gateway runs, {@link kr.kisgateway.gateway.incident.IncidentRecorder} writes alerts, disconnects,
 * breakers, failures of the broker and deliveries of notices into the audit, summed so that a flood does not fill it. Afterwards {@link
 * kr.kisgateway.gateway.incident.IncidentReader} reads them and the journal, {@link kr.kisgateway.gateway.incident.Timetable} compares
 * the times with their limits, and {@link kr.kisgateway.gateway.incident.IncidentReport} writes the page. A further kind of fact is a
 * record of {@link kr.kisgateway.gateway.incident.Fact} and a kind of row in {@link kr.kisgateway.gateway.incident.IncidentRows}.
 */
@NullMarked
package kr.kisgateway.gateway.incident;

import org.jspecify.annotations.NullMarked;
