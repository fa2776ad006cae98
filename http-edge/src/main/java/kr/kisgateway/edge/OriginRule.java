package kr.kisgateway.edge;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which pages may call a listener. Without access control the only protection against a web page that a user visits is
 * what its browser adds to the page's requests: {@code Origin} names the page's site, {@code Host} names it after a DNS
 * trick, and {@code Sec-Fetch-Site} marks a request that another site caused. So {@code Host} must name this machine's
 * loopback (or the listen address), an {@code Origin} must name the same host and port as {@code Host}, and {@code
 * Sec-Fetch-Site: cross-site} is refused. Programs send no {@code Origin}, or, as some WebSocket clients do, the
 * address that they call; both are accepted.
 *
 * <p>Where every call needs a key, the listener may have any name; an origin must still be the host that was called.
 */
public final class OriginRule {
    private static final Set<String> SCHEMES = Set.of("http", "https", "ws", "wss");

    private static final Set<String> OTHER_PAGES = Set.of("cross-site", "same-site");

    private final String bind;
    private final boolean anyHost;

    /** Why a request is refused. */
    public enum Reason {
        /** {@code Host} is missing or does not name this listener. */
        HOST,
        /** A page of another site sent it. */
        ORIGIN
    }

    private OriginRule(String bind, boolean anyHost) {
        this.bind = bind;
        this.anyHost = anyHost;
    }

    /** The rule of a listener that serves callers without a key; {@code bind} is the listen address. */
    public static OriginRule open(String bind) {
        return new OriginRule(bind, false);
    }

    /** The rule of a listener that accepts no call without a key: it may be called by any name. */
    public static OriginRule keyed(String bind) {
        return new OriginRule(bind, true);
    }

    /**
     * The reason why a request with these headers is refused; empty when it is accepted.
     *
     * @param host the header {@code Host}
     * @param origin the header {@code Origin}; several are joined by a comma, which no rule accepts
     * @param fetchSite the header {@code Sec-Fetch-Site}; several are joined by a comma, and the most foreign one counts
     */
    public Optional<Reason> refusalReason(@Nullable String host, @Nullable String origin, @Nullable String fetchSite) {
        if (host == null || !anyHost && !isOwnName(name(host))) {
            return Optional.of(Reason.HOST);
        }
        if (origin != null && !namesTheListener(origin, host)) {
            return Optional.of(Reason.ORIGIN);
        }
        // Navigation and images send no Origin. Where keys are required such a request has no key and is refused by
        // that. A page of another port of this machine is same-site for a browser, and foreign to the gateway.
        return isOtherPage(fetchSite) && !anyHost ? Optional.of(Reason.ORIGIN) : Optional.empty();
    }

    private static boolean isOtherPage(@Nullable String fetchSite) {
        return fetchSite != null
                && Arrays.stream(fetchSite.toLowerCase(Locale.ROOT).split(",", -1))
                        .map(String::strip)
                        .anyMatch(OTHER_PAGES::contains);
    }

    private static boolean namesTheListener(String origin, String host) {
        int scheme = origin.indexOf("://");
        if (scheme < 0 || !SCHEMES.contains(origin.substring(0, scheme).toLowerCase(Locale.ROOT))) {
            return false;
        }
        String authority = origin.substring(scheme + 3);
        return name(authority).equalsIgnoreCase(name(host)) && port(authority).equals(port(host));
    }

    private boolean isOwnName(String name) {
        return name.equals("127.0.0.1")
                || name.equalsIgnoreCase("localhost")
                || name.equals("[::1]")
                || name.equalsIgnoreCase(bind)
                || name.equals("[" + bind + "]");
    }

    private static String name(String authority) {
        int colon = colon(authority);
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    private static String port(String authority) {
        int colon = colon(authority);
        return colon < 0 ? "" : authority.substring(colon + 1);
    }

    private static int colon(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? colon : -1;
    }
}
