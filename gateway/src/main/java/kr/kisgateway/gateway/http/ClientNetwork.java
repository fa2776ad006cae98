package kr.kisgateway.gateway.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** The part of an address that one machine cannot choose freely, for shares per address. */
public final class ClientNetwork {
    private static final int NETWORK_BYTES = 8;

    private ClientNetwork() {}

    /** The same of an address as a server writes it: IPv6 in brackets, a link-local one with its zone. */
    public static InetAddress of(String address) {
        return of(InetAddress.ofLiteral(address.replaceAll("^\\[|%.*|]$", "")));
    }

    /**
     * One address for all that a machine may call from: 127.0.0.1 for this machine (127.0.0.0/8 and ::1), the /64 of
     * any other IPv6 address, and any other IPv4 address itself.
     */
    public static InetAddress of(InetAddress address) {
        try {
            if (address.isLoopbackAddress()) {
                return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            }
            if (!(address instanceof Inet6Address)) {
                return address;
            }
            var bytes = address.getAddress();
            Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes is one", e);
        }
    }
}
