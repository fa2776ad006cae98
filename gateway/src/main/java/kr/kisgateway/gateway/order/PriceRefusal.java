package kr.kisgateway.gateway.order;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether the broker refused a request for its price: off the tick, or outside the limits of the day.
 *
 * <p>KIS's paper trading has a code for each. The live code is one for refusals of many kinds (APBK0506), and its texts are not
 * documented, so the text decides there [assumed]: one that names the tick (호가단위) or the limits (상/하한가).
 */
final class PriceRefusal {
    /** Codes of paper trading: off the tick, outside the limits. */
    private static final Set<String> CODES = Set.of("40030000", "40270000");

    private static final Pattern TEXT = Pattern.compile("호가\\s*단위|상\\s*/?\\s*하한가");

    private PriceRefusal() {}

    /** Whether this code with this text is such a refusal. */
    static boolean is(String code, String text) {
        return CODES.contains(code) || TEXT.matcher(text).find();
    }
}
