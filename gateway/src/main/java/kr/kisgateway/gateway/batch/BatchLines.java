package kr.kisgateway.gateway.batch;

import java.time.Duration;
import kr.kisgateway.gateway.error.Refusal;

/** Receives a batch line by line, on the calling thread. Each method returns false when the reader is gone. */
public interface BatchLines<V> {
    /** Called first. */
    boolean expected(Expected expected);

    boolean succeeded(V value);

    boolean failed(String symbol, Refusal refusal);

    /**
     * Expected effort of a batch.
     *
     * @param symbols distinct ones
     * @param cached of these, answered without a call to KIS
     * @param calls to KIS for the others, without retries
     * @param minimumDuration duration without other traffic
     */
    record Expected(int symbols, int cached, int calls, Duration minimumDuration) {}
}
