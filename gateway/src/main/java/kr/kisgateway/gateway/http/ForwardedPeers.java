package kr.kisgateway.gateway.http;

import java.util.Optional;
import java.util.function.UnaryOperator;
import kr.kisgateway.edge.AnyPathListener;
import org.jspecify.annotations.Nullable;

/**
 * The address of the caller whose call another gateway of the cluster passes on; one that no such gateway states has none.
 *
 * @param signature of the gateways; empty without a cluster
 */
public record ForwardedPeers(Optional<NodeSignature> signature) implements AnyPathListener.Peers {
    @Override
    public Optional<String> address(String peer, String method, String target, UnaryOperator<@Nullable String> header) {
        String stated = header.apply(ForwardedCall.HEADER);
        return stated == null
                ? Optional.of(peer)
                : signature
                        .flatMap(it -> ForwardedCall.read(stated, it, method, target))
                        .map(call -> call.address().orElse(peer));
    }
}
