package kr.kisgateway.gateway;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.gateway.cluster.IdentityStore;
import kr.kisgateway.gateway.cluster.IdentityStore.Identity;
import kr.kisgateway.gateway.http.CallForwarder;
import kr.kisgateway.gateway.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a gateway that waits with the owner: with another master key the owner refuses every call that it passes on, and with
 * another account it would trade that one after a take-over, under the orders of the first.
 */
final class ClusterIdentity {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.cluster");
    private static final int LENGTH = 32;

    private ClusterIdentity() {}

    /** Records what this gateway, which owns the accounts, runs with. */
    static void record(Platform platform, Ownership ownership) {
        new IdentityStore(ownership.postgres()).write(ownership.lease().epoch(), of(platform));
    }

    /** @throws StartException when this gateway must not serve beside {@code owner} */
    static void requireThatOf(CallForwarder.Owner owner, Platform platform, Membership membership) {
        var own = of(platform);
        new IdentityStore(membership.postgres()).find(owner.epoch()).ifPresent(expected -> {
            if (!own.masterKey().equals(expected.masterKey())) {
                throw new StartException("This gateway has another master key than " + owner.node()
                        + ", which owns the accounts: give it the same GATEWAY_CONFIG_DIR, or a copy of that folder's"
                        + " master key (마스터 키가 " + owner.node() + " 과 다릅니다).");
            }
            if (!own.account().equals(expected.account())) {
                throw new StartException("KIS_ACCOUNT_NO is another account than that of " + owner.node()
                        + ", which owns the accounts: gateways that share a database have the same, and another account"
                        + " needs a database of its own (KIS_ACCOUNT_NO 가 " + owner.node() + " 과 다릅니다).");
            }
            if (!own.appKeys().equals(expected.appKeys())) {
                LOG.warn(
                        "app_keys_differ node={} own=\"{}\" owner={} expected=\"{}\"",
                        membership.node().name(),
                        own.appKeys(),
                        owner.node(),
                        expected.appKeys());
            }
        });
    }

    private static Identity of(Platform platform) {
        var kis = platform.settings().kis();
        String account =
                kis.account().map(it -> it.cano() + "-" + it.productCode()).orElse("");
        return new Identity(
                platform.master().derive("check of a cluster's master key", LENGTH),
                platform.master().derive("account of a cluster " + account, LENGTH),
                Stream.concat(Stream.of("K1"), kis.furtherKeys().stream().map(Settings.AppKey::id))
                        .collect(Collectors.joining(",")));
    }
}
