package kr.kisgateway.client;

import java.time.Instant;
import kr.kisgateway.wire.RealtimeKey;

/**
 * What REST told of a registration behind a gap: the value as it is now. What came and went in between is not in it.
 *
 * @param key whose gap it was
 * @param from the last moment KIS was heard before
 * @param to when the key was registered again
 * @param cause of the gap, in a few words
 * @param present KIS's answer to the REST call of this TR, or why there is none and what to do
 */
public record GapRestored(RealtimeKey key, Instant from, Instant to, String cause, KisReply<KisAnswer> present) {}
