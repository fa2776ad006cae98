package kr.kisgateway.gateway.http;

import java.util.Optional;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Who may call: without access control the only protection against a web page that a user visits is that its requests
 * carry the page's {@code Origin}, and, after a DNS trick, the page's host name in {@code Host}. So both must name
 * this machine's loopback (or the address the gateway listens on), and an origin must have the gateway's own port.
 *
 * <p>Where every call needs a key, the gateway may have any name; an origin must still be the host that was called.
 */
final class HostRule {
    private final String bind;
    private final boolean anyHost;

    HostRule(String bind, boolean anyHost) {
        this.bind = bind;
        this.anyHost = anyHost;
    }

    Optional<Refusal> refuses(@Nullable String host, @Nullable String origin) {
        if (host == null || !anyHost && !isOurs(name(host))) {
            return Optional.of(Refusal.of(
                    ErrorCode.ORIGIN_REFUSED,
                    "The host name of the request is not this gateway's; call it as localhost or 127.0.0.1."));
        }
        if (origin == null) {
            return Optional.empty();
        }
        var scheme = origin.indexOf("://");
        if (scheme > 0) {
            var authority = origin.substring(scheme + 3);
            if (isSame(name(authority), name(host)) && port(authority).equals(port(host))) {
                return Optional.empty();
            }
        }
        return Optional.of(Refusal.of(
                ErrorCode.ORIGIN_REFUSED, "A page of another site may not call this gateway; call it from a program."));
    }

    private boolean isSame(String origin, String host) {
        return anyHost ? origin.equalsIgnoreCase(host) : isOurs(origin);
    }

    private boolean isOurs(String name) {
        return name.equals("127.0.0.1")
                || name.equalsIgnoreCase("localhost")
                || name.equals("[::1]")
                || name.equalsIgnoreCase(bind)
                || name.equals("[" + bind + "]");
    }

    private static String name(String authority) {
        var colon = colon(authority);
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    private static String port(String authority) {
        var colon = colon(authority);
        return colon < 0 ? "" : authority.substring(colon + 1);
    }

    private static int colon(String authority) {
        var colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? colon : -1;
    }
}
