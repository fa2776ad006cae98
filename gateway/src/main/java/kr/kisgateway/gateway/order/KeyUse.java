package kr.kisgateway.gateway.order;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * One use of an idempotency key, stored with its acceptance.
 *
 * @param scope principal and account: two callers may use the same key
 * @param key the caller's key
 * @param hash of the canonical request; the same key with another hash is refused
 */
public record KeyUse(String scope, String key, String hash) {
    public KeyUse {
        scope = scope.intern(); // one text for all orders in memory
    }

    private static final Pattern GATEWAY_KEY = Pattern.compile("(cancel|modify|resolve|replace):ord_");
    /** Begins the key of an order that replaces another. */
    static final String REPLACES = "replace:";

    /** Ends the scope of the gateway's own modifications; no alias of an account has a colon. */
    private static final String REPRICES = "/:reprice";

    private static final String OF_PARENTS = "/parents";

    /** What the key was used for: a key of one kind answers only requests of that kind. */
    public enum Kind {
        PLACE,
        MODIFY,
        CANCEL,
        /** An operator's decision about an order in doubt. */
        RESOLVE;

        /** The status in the answer to a request accepted with such a key. */
        public String acceptedStatus() {
            return switch (this) {
                case PLACE -> "ACCEPTED";
                case MODIFY -> "MODIFY_PENDING";
                case CANCEL -> "CANCEL_PENDING";
                case RESOLVE -> "RESOLVED";
            };
        }
    }

    /** The part that must be unique. */
    public record Name(String scope, String key) {}

    /** The key of an external order: the broker's own number of it. */
    static KeyUse ofExternal(String account, LocalDate day, long odno) {
        return new KeyUse("external/" + account, day + ":" + odno, "external");
    }

    /** A key of the gateway itself, which no caller's key can equal. */
    static KeyUse ofGateway(String account, String key, String hash) {
        return new KeyUse("gateway/" + account, key, hash);
    }

    /** The key of the gateway's own modification of the price of a principal's order. */
    public static KeyUse.Name ofReprice(String principal, String account, OrderId order, int number) {
        return new Name(principal + "/" + account + REPRICES, "reprice:" + order + ":" + number);
    }

    /** Whether the gateway itself modified the price. */
    boolean isReprice() {
        return scope.endsWith(REPRICES);
    }

    /** The scope of the orders of parent orders, in which no caller's key can be. */
    public static String scopeOfParents(String principal, String account) {
        return principal + "/" + account + OF_PARENTS;
    }

    /** Whether it places an order of a parent order. */
    boolean isOfParent() {
        return scope.endsWith(OF_PARENTS)
                && scope.indexOf('/') < scope.lastIndexOf('/'); // an account may have that alias
    }

    /** Whether the key has the form of the default keys of cancels, modifications and decisions. */
    static boolean isReserved(String key) {
        return GATEWAY_KEY.matcher(key).lookingAt();
    }

    /** The hash of the canonical form of a request. */
    public static String hashOf(String canonical) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Name of the API key that used it: a tenant of the call budget. */
    public String principal() {
        int slash = scope.indexOf('/');
        return slash < 0 ? scope : scope.substring(0, slash);
    }

    public Name name() {
        return new Name(scope, key);
    }
}
