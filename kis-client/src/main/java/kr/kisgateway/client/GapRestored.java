package kr.kisgateway.client;

import java.time.Instant;
import kr.kisgateway.wire.RealtimeKey;

/**
 * The REST answer for a registration after a gap: the current value. What happened in between is not in it.
 *
 * @param key the key with the gap
 * @param from when KIS last sent a message before the gap
 * @param to when the key was registered again
 * @param present KIS's answer to the REST call of this TR, or why there is none and the remedy
 */
public record GapRestored(RealtimeKey key, Instant from, Instant to, GapCause cause, KisReply<KisAnswer> present) {}
