/**
 * Ticks (체결, 호가) that somebody wants kept: what the stream is told of some symbols, written to Parquet files beside the bars of the
 * history. {@link kr.kisgateway.gateway.recording.TickRecorder} hears, {@link kr.kisgateway.gateway.recording.TickStore} writes,
 * {@link kr.kisgateway.gateway.recording.RecordingRoutes} shows. A recording is a demand as a stream client's is, and what it misses is
 * written down as missing.
 */
@NullMarked
package kr.kisgateway.gateway.recording;

import org.jspecify.annotations.NullMarked;
