package kr.kisgateway.edge;

import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Validates WebSocket upgrades; an unreadable one is a bad request at every path. */
public final class UpgradeRule {
    private static final int KEY_BYTES = 16;

    private UpgradeRule() {}

    /** Whether {@code upgrade}, the header {@code Upgrade}, requests a WebSocket. */
    public static boolean isWebSocketUpgrade(@Nullable String upgrade) {
        return upgrade != null && upgrade.strip().toLowerCase(Locale.ROOT).equals("websocket");
    }

    /**
     * Whether the request has the form that RFC 6455 requires.
     *
     * @param method the request's method
     * @param connection the header {@code Connection}; several are joined by a comma
     * @param key the header {@code Sec-WebSocket-Key}
     * @param version the header {@code Sec-WebSocket-Version}
     */
    public static boolean isWellFormed(
            String method, @Nullable String connection, @Nullable String key, @Nullable String version) {
        return method.equals("GET")
                && connection != null
                && connection.toLowerCase(Locale.ROOT).contains("upgrade")
                && version != null
                && version.strip().equals("13")
                && key != null
                && isKey(key.strip());
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false; // not Base64
        }
    }
}
