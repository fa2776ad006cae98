/**
 * Recorded ticks (체결, 호가): published values of requested symbols, written to Parquet files beside the bars of the history.
 * {@link kr.kisgateway.gateway.recording.TickRecorder} receives, {@link kr.kisgateway.gateway.recording.TickStore} writes,
 * {@link kr.kisgateway.gateway.recording.RecordingRoutes} displays. A recording is a demand like a stream client's, and its
 * gaps are recorded as gaps.
 */
@NullMarked
package kr.kisgateway.gateway.recording;

import org.jspecify.annotations.NullMarked;
