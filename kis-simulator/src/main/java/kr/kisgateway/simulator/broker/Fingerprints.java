package kr.kisgateway.simulator.broker;

import java.util.Map;
import java.util.TreeMap;

/** How often each request was accepted, by all that it says; for tests that ask whether an order was sent twice. */
final class Fingerprints {
    /** Counted one by one; what comes after is counted together. */
    private static final int MAX_FINGERPRINTS = 10_000;

    private static final String OTHERS = "others";

    private final Map<String, Integer> counts = new TreeMap<>();

    void count(String fingerprint) {
        boolean oneByOne = counts.size() < MAX_FINGERPRINTS || counts.containsKey(fingerprint);
        counts.merge(oneByOne ? fingerprint : OTHERS, 1, Integer::sum);
    }

    Map<String, Integer> counts() {
        return counts;
    }
}
