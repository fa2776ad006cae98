package kr.kisgateway.gateway.http;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a call came from that another gateway of the cluster passes on.
 *
 * @param address of the caller; empty for a program on the machine of that gateway, for which its own address stands
 * @param keyNeeded whether it needs a key at that gateway
 */
record ForwardedCall(Optional<String> address, boolean keyNeeded) {
    /** The header that a gateway adds to a call that it passes on. */
    static final String HEADER = "X-Gateway-Forwarded";

    static final String HEADER_IN_LOWER_CASE = HEADER.toLowerCase(Locale.ROOT);

    private static final String NO_ADDRESS = "-";

    /** That of a call which {@code address} made. */
    static ForwardedCall from(String address, boolean keyNeeded) {
        boolean local = ClientNetwork.of(address).isLoopbackAddress();
        return new ForwardedCall(local ? Optional.empty() : Optional.of(address), keyNeeded);
    }

    /** The header of the call {@code method target}. */
    String header(NodeSignature signature, String method, String target) {
        return signature.sign((keyNeeded ? "K" : "O") + address.orElse(NO_ADDRESS), purpose(method, target));
    }

    /** What a header states of the call {@code method target}; empty for one that no gateway of the cluster made for it. */
    static Optional<ForwardedCall> read(String header, NodeSignature signature, String method, String target) {
        return signature.verified(header, purpose(method, target)).map(value -> {
            String address = value.substring(1);
            return new ForwardedCall(
                    address.equals(NO_ADDRESS) ? Optional.empty() : Optional.of(address), value.charAt(0) == 'K');
        });
    }

    /** The address as the server library has it. */
    Optional<InetAddress> inetAddress() {
        return address.map(text -> InetAddress.ofLiteral(text.replaceAll("^\\[|%.*|]$", "")));
    }

    private static String purpose(String method, String target) {
        return "forwarded call " + method + ' ' + target;
    }
}
