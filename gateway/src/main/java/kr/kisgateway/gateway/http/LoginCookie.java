package kr.kisgateway.gateway.http;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The cookie of a login. A browser keeps the cookies of a host, whatever the port: two gateways of one machine need two names.
 *
 * @param name of the cookie
 * @param encrypted whether it is sent on encrypted connections only
 */
public record LoginCookie(String name, boolean encrypted) {
    /** The cookie of the gateway at {@code port}. */
    public static LoginCookie of(int port, boolean encrypted) {
        return new LoginCookie("kis_gateway_" + port, encrypted);
    }

    /**
     * The header {@code Set-Cookie}.
     *
     * @param lifetime zero deletes it
     */
    public String header(String value, Duration lifetime) {
        return name + "=" + value + "; Path=/; Max-Age=" + lifetime.toSeconds() + "; HttpOnly; SameSite=Strict"
                + (encrypted ? "; Secure" : "");
    }

    /** The value in a request; empty without one, and with two, because one of them was set by another site. */
    Optional<String> valueIn(HttpServletRequest request) {
        @Nullable Cookie @Nullable [] cookies = request.getCookies();
        Optional<String> found = Optional.empty();
        if (cookies == null) {
            return found;
        }
        for (var cookie : cookies) {
            if (cookie != null && cookie.getName().equals(name)) {
                if (found.isPresent()) {
                    return Optional.empty();
                }
                found = Optional.of(cookie.getValue());
            }
        }
        return found;
    }
}
