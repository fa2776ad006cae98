package kr.kisgateway.simulator.broker;

import java.util.Map;
import java.util.TreeMap;

/** Counts of accepted requests by their content, for tests that verify that no order is sent twice. */
final class Fingerprints {
    /** Fingerprints that are counted one by one; further ones are counted together. */
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
