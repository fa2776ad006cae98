package kr.kisgateway.gateway.batch;

import java.time.Duration;
import kr.kisgateway.gateway.error.Refusal;

/** Takes a batch line by line, on the thread that called. Each method gives false when nobody reads any more. */
public interface BatchLines<V> {
    /** Before anything else. */
    boolean expected(Expected expected);

    boolean succeeded(V value);

    boolean failed(String symbol, Refusal refusal);

    /**
     * What a batch will take.
     *
     * @param symbols different ones
     * @param cached of these, told without a call to KIS
     * @param calls to KIS for the others, when none has to be repeated
     * @param minimumDuration how long they take while nobody else asks
     */
    record Expected(int symbols, int cached, int calls, Duration minimumDuration) {}
}
