package kr.kisgateway.client.address;

import java.net.URI;
import java.util.Locale;

/** What an address must be like before secrets are sent to it. */
public final class Addresses {
    private Addresses() {}

    /**
     * Whether {@code address} may be fetched from: https, or http to this machine only. In the clear any intermediary
     * could write the document, and read the key in the request.
     */
    public static boolean isSafe(URI address) {
        String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
        return scheme.equals("https") || scheme.equals("http") && isLoopback(address);
    }

    private static boolean isLoopback(URI address) {
        String host = address.getHost() == null ? "" : address.getHost();
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
    }
}
