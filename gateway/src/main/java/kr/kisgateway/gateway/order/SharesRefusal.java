package kr.kisgateway.gateway.order;

import java.util.regex.Pattern;

/**
 * Whether the broker refused a sale because fewer shares may be sold. KIS's live code is APBK0400; paper trading has one code for
 * several reasons (40310000), so the text decides there, which names the quantity that may be ordered (주문가능수량) [assumed].
 */
final class SharesRefusal {
    private static final Pattern TEXT = Pattern.compile("APBK0400\\b.*|.*주문\\s*가능(한)?\\s*수량.*");

    private SharesRefusal() {}

    /** Whether this reason, a code and its text, is such a refusal. */
    static boolean is(String reason) {
        return TEXT.matcher(reason).matches();
    }
}
