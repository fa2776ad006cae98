package kr.kisgateway.gateway.notification;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Resolves the names of receivers. An address inside the network of the gateway is refused where its name is resolved, for every
 * connection, so that a name which resolves differently the second time is refused, too.
 */
final class OuterAddresses {
    /** The name resolves to an address inside the network. */
    static final class InnerAddressException extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        InnerAddressException() {
            super(
                    "the name resolves to an address inside the network; ALERTS_INNER_ADDRESSES=true allows that, if it is meant");
        }
    }

    private OuterAddresses() {}

    /**
     * @param allowsInner whether addresses inside the network are allowed
     * @throws InnerAddressException when one of the addresses is inside
     */
    static InetAddress[] resolve(String host, boolean allowsInner) throws UnknownHostException {
        InetAddress[] addresses = InetAddress.getAllByName(host);
        if (!allowsInner && Arrays.stream(addresses).anyMatch(OuterAddresses::isInner)) {
            throw new InnerAddressException();
        }
        return addresses;
    }

    /** Whether an address is of this machine, of a private network or of no single host. */
    static boolean isInner(InetAddress address) {
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        boolean isShared = bytes.length == 4
                && (first == 0 || first == 100 && (second & 0xc0) == 64 || first == 192 && second == 0 || first >= 240);
        boolean isUniqueLocal = bytes.length == 16 && (first & 0xfe) == 0xfc;
        boolean isTranslated = bytes.length == 16 && first == 0 && second == 0x64;
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()
                || isShared
                || isUniqueLocal
                || isTranslated;
    }
}
