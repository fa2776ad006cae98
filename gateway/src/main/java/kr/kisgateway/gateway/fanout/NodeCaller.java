package kr.kisgateway.gateway.fanout;

import java.util.Optional;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.Gatekeeper;
import kr.kisgateway.gateway.http.NodeSignature;

/** Admits the other gateways of the cluster, which sign their name; any other caller is the next gatekeeper's. */
public record NodeCaller(NodeSignature signature, Gatekeeper next) implements Gatekeeper {
    private static final String SCHEME = "Node ";
    private static final String PURPOSE = "gateway of the cluster";
    /** No name of a key begins with it. */
    private static final String PREFIX = "node:";

    /** The header {@code Authorization} of the gateway {@code node}. */
    static String authorization(NodeSignature signature, String node) {
        return SCHEME + signature.sign(node, PURPOSE);
    }

    /** The refusal of a caller that is no gateway of the cluster. */
    static Optional<Refusal> refusalFor(Caller caller) {
        return caller.name().startsWith(PREFIX)
                ? Optional.empty()
                : Optional.of(Refusal.of(ErrorCode.FORBIDDEN, "This path is for the gateways of the cluster."));
    }

    @Override
    public Caller admit(RequestCredentials credentials, Optional<Role> needed) {
        return credentials
                .authorization()
                .filter(header -> header.startsWith(SCHEME))
                .flatMap(header -> signature.verified(header.substring(SCHEME.length()), PURPOSE))
                .map(node -> new Caller(PREFIX + node, Role.ADMIN, Optional.empty(), Optional.empty()))
                .orElseGet(() -> next.admit(credentials, needed));
    }

    @Override
    public boolean isOpenFor(RequestCredentials credentials) {
        return next.isOpenFor(credentials);
    }
}
