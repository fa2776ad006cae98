package kr.kisgateway.gateway;

import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.cluster.IdentityStore;
import kr.kisgateway.gateway.cluster.IdentityStore.Identity;
import kr.kisgateway.gateway.http.CallForwarder;
import kr.kisgateway.gateway.secret.MasterKey;
import kr.kisgateway.gateway.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this gateway runs with, beside what the owner of the accounts does: with another master key the owner refuses every call that
 * this one passes on, and with another account it would trade that one after a take-over, under the orders of the first. Used by the
 * thread that waits for the accounts.
 */
final class ClusterIdentity {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.cluster");
    private static final int SHORT_LENGTH = 8;

    private final IdentityStore store;
    private final String node;
    private final Identity own;
    private long comparedEpoch = -1;

    ClusterIdentity(Settings settings, MasterKey master, IdentityStore store, String node) {
        this.store = store;
        this.node = node;
        this.own = of(settings, master);
    }

    /**
     * Compares with the owner, once it has recorded what it runs with.
     *
     * @throws StartException when this gateway must not serve beside it
     */
    void compareWith(CallForwarder.Owner owner) {
        if (owner.epoch() == comparedEpoch) {
            return;
        }
        store.find(owner.epoch()).ifPresent(expected -> {
            if (!own.masterKey().equals(expected.masterKey())) {
                // Either of the two may be the wrong one.
                throw StartException.thatMayPass("This gateway has another master key than " + owner.node()
                        + ", which owns the accounts: give both the same GATEWAY_CONFIG_DIR, or a copy of that folder's"
                        + " master key (마스터 키가 " + owner.node() + " 과 다릅니다).");
            }
            if (!own.account().equals(expected.account())) {
                throw StartException.thatMayPass("KIS_ACCOUNT_NO is another account than that of " + owner.node()
                        + ", which owns the accounts: gateways that share a database have the same, and another account"
                        + " needs a database of its own (KIS_ACCOUNT_NO 가 " + owner.node() + " 과 다릅니다).");
            }
            if (!own.settings().equals(expected.settings())) {
                LOG.warn(
                        "cluster_settings_differ node={} own=\"{}\" owner={} expected=\"{}\"",
                        node,
                        own.settings(),
                        owner.node(),
                        expected.settings());
            }
            comparedEpoch = owner.epoch();
        });
    }

    /**
     * Records what this gateway runs with, which has just become the owner.
     *
     * @param others whether other gateways of the cluster are running
     * @throws StartException when it must not own the accounts
     */
    void recordOwnership(long epoch, BooleanSupplier others) {
        store.last().map(IdentityStore.Recorded::identity).ifPresent(former -> {
            boolean sameKey = own.masterKey().equals(former.masterKey());
            if (!sameKey && others.getAsBoolean()) {
                throw StartException.thatMayPass(
                        "This gateway has another master key than the last owner of the accounts:"
                                + " give it the same GATEWAY_CONFIG_DIR, or stop all other gateways before one starts with a new"
                                + " master key (마스터 키가 이전 소유자와 다릅니다).");
            }
            if (sameKey && !own.account().equals(former.account())) {
                throw new StartException(
                        "KIS_ACCOUNT_NO is another account than that of the last owner: the orders in this"
                                + " database are of that one, and another account needs a database of its own (KIS_ACCOUNT_NO 가"
                                + " 이전 소유자와 다릅니다).");
            }
        });
        store.write(epoch, own);
    }

    private static Identity of(Settings settings, MasterKey master) {
        var kis = settings.kis();
        var keys = Stream.concat(
                Stream.of(named(
                        master,
                        BrokerModule.FIRST_KEY_ID,
                        kis.appKey().map(Secret::reveal).orElse(""))),
                kis.furtherKeys().stream()
                        .map(key -> named(
                                master,
                                key.id(),
                                key.appKey().map(Secret::reveal).orElse(""))));
        var accounts = kis.furtherAccounts().stream()
                .map(account -> named(
                        master,
                        account.alias(),
                        account.number().map(ClusterIdentity::number).orElse("") + " " + account.appKey()));
        var account = OrderModule.fingerprint(
                kis.account().map(ClusterIdentity::number).orElse(""), master);
        return new Identity(
                account.key(),
                account.text(),
                Stream.concat(keys, accounts).sorted().collect(Collectors.joining(" ")));
    }

    private static String named(MasterKey master, String id, String value) {
        return id + ":" + master.derive("setting of a cluster " + id + " " + value, SHORT_LENGTH);
    }

    private static String number(Settings.Account account) {
        return account.cano() + "-" + account.productCode();
    }
}
