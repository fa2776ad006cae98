package kr.kisgateway.gateway.feed;

import java.time.Instant;
import java.util.List;

/**
 * A time without pushed values.
 *
 * @param registrations those of KIS that missed values, as KIS names them, sorted
 */
public record FeedGap(String appKey, Instant from, Instant to, GapCause cause, List<String> registrations) {
    public FeedGap {
        registrations = List.copyOf(registrations);
    }
}
