package kr.kisgateway.gateway.access;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.gateway.http.ClientNetwork;

/**
 * A range of IP addresses, version 4 or 6, as {@code 10.0.0.0/8}, {@code 2001:db8::/32} or one address.
 *
 * @param text as configured
 * @param base the first address
 * @param bits number of fixed leading bits
 */
public record Network(String text, InetAddress base, int bits) {
    private static final int BYTE = 8;
    private static final String THIS_MACHINE = "127.0.0.1";

    private static final Pattern QUAD = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    /** Empty when {@code text} is no range; host names are not accepted, because what they resolve to changes. */
    public static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        return address(address).flatMap(base -> {
            int maxBits = base.getAddress().length * BYTE;
            if (slash < 0) {
                return Optional.of(new Network(text, base, maxBits));
            }
            String length = text.substring(slash + 1);
            if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > maxBits) {
                return Optional.empty();
            }
            return Optional.of(new Network(text, base, Integer.parseInt(length)));
        });
    }

    /**
     * The addresses that one attacker can use at no cost, as one text; grouped as by {@link ClientNetwork}. Most
     * callers have an IPv4 address, which needs no parsing.
     */
    static String neighbourhood(String address) {
        if (address.startsWith("127.")) {
            return THIS_MACHINE;
        }
        if (address.indexOf(':') < 0) {
            return address;
        }
        return address(address).map(it -> ClientNetwork.of(it).getHostAddress()).orElse(address);
    }

    /** Whether this range contains every address of {@code other}. */
    boolean contains(Network other) {
        return other.bits >= bits && contains(other.base);
    }

    /** Whether this range contains {@code address}; false for a text that is none. */
    public boolean contains(String address) {
        return address(address).map(this::contains).orElse(false);
    }

    private boolean contains(InetAddress other) {
        byte[] mine = base.getAddress();
        byte[] its = other.getAddress();
        if (mine.length != its.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % BYTE;
            if ((mine[bit / BYTE] & mask) != (its[bit / BYTE] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static Optional<InetAddress> address(String text) {
        // A server writes an IPv6 address in brackets, and a link-local one with a zone.
        String plain = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        int zone = plain.indexOf('%');
        if (plain.indexOf(':') < 0 && !QUAD.matcher(plain).matches()) {
            // The library would parse 10.1 as 10.0.0.1, as old programs do.
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(zone < 0 ? plain : plain.substring(0, zone)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
