package kr.kisgateway.gateway.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.http.Caller;

/**
 * An API key of a program or a person. Its text is displayed once, at creation; only its hash is stored.
 *
 * @param id public part of the key's text, eight characters
 * @param name its owner: the principal of orders and the tenant of the call budget; never reused for another key
 * @param accounts aliases; empty, every account
 * @param symbols codes; empty, every symbol
 * @param strategy the label of its orders; empty, any
 * @param ownOrdersOnly whether it sees and changes only the orders that it placed itself
 * @param networks addresses it may be used from; an empty list, any
 * @param callsPerSecond the key's own quota; empty, the gateway's default
 * @param expiresAt time from which it is refused; empty, never
 * @param revokedAt time since which it is permanently refused
 * @param hash of the valid secret
 * @param formerSecret the secret before the last rotation, while it is still valid
 * @param face its virtual app key; empty without one
 */
public record ApiKey(
        String id,
        String name,
        Role role,
        Optional<Set<String>> accounts,
        Optional<Set<String>> symbols,
        Optional<String> strategy,
        boolean ownOrdersOnly,
        List<Network> networks,
        OptionalInt callsPerSecond,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt,
        SecretHash hash,
        Optional<FormerSecret> formerSecret,
        Optional<FaceIdentity> face) {
    public ApiKey {
        accounts = accounts.map(Set::copyOf);
        symbols = symbols.map(Set::copyOf);
        networks = List.copyOf(networks);
    }

    /** @param until time from which it is refused */
    public record FormerSecret(SecretHash hash, Instant until) {}

    /**
     * The hash among the key's secrets that equals {@code secret} and is valid at {@code now}; empty if none. Runs in a
     * time that does not depend on where they differ.
     */
    Optional<SecretHash> matchingSecret(SecretHash secret, Instant now) {
        boolean matchesCurrent = hash.matches(secret);
        boolean matchesFormer = formerSecret
                .map(f -> f.hash().matches(secret) && now.isBefore(f.until()))
                .orElse(false);
        return matchesCurrent | matchesFormer ? Optional.of(secret) : Optional.empty();
    }

    /** The secrets that are valid at {@code now}; none unless the key is valid. */
    List<SecretHash> secrets(Instant now) {
        if (state(now) != State.VALID) {
            return List.of();
        }
        return formerSecret
                .filter(f -> now.isBefore(f.until()))
                .map(f -> List.of(hash, f.hash()))
                .orElse(List.of(hash));
    }

    /** Whether the key is usable, and why not. */
    public enum State {
        VALID,
        EXPIRED,
        REVOKED
    }

    public State state(Instant now) {
        if (revokedAt.isPresent()) {
            return State.REVOKED;
        }
        return expiresAt.filter(at -> !now.isBefore(at)).isPresent() ? State.EXPIRED : State.VALID;
    }

    /** The app secret equal to {@code secret} that is valid at {@code now}; empty if none, or without a virtual app key. */
    Optional<SecretHash> matchingAppSecret(SecretHash secret, Instant now) {
        return face.filter(identity -> identity.appSecret().matches(secret)
                        | identity.formerAppSecret()
                                .map(former -> former.hash().matches(secret) && now.isBefore(former.until()))
                                .orElse(false))
                .map(_ -> secret);
    }

    /** Fingerprints of the app secrets that are valid at {@code now}; none unless the key is valid. */
    public List<String> appSecretFingerprints(Instant now) {
        return state(now) != State.VALID
                ? List.of()
                : face.stream()
                        .flatMap(identity -> Stream.concat(
                                Stream.of(identity.appSecret()),
                                identity.formerAppSecret().stream()
                                        .filter(former -> now.isBefore(former.until()))
                                        .map(FormerSecret::hash)))
                        .map(SecretHash::fingerprint)
                        .toList();
    }

    /** The caller that a WebSocket of its virtual app key has. */
    public Caller toFaceCaller() {
        return toCaller(face.orElseThrow().appSecret());
    }

    /** Whether it may be used from an IP address. */
    public boolean allowsAddress(String address) {
        return networks.isEmpty() || networks.stream().anyMatch(network -> network.contains(address));
    }

    /** Whether another key with the requested limits could do nothing that this one cannot. */
    boolean covers(KeyRequest other) {
        return covers(
                other.role(),
                other.accounts(),
                other.symbols(),
                other.strategy(),
                other.ownOrdersOnly(),
                other.networks(),
                other.expiresAt(),
                other.callsPerSecond());
    }

    /**
     * Whether {@code other} can do nothing that this key cannot. The orders of another key are not this one's, so a key
     * restricted to its own orders covers itself only.
     */
    boolean covers(ApiKey other) {
        return (!ownOrdersOnly || id.equals(other.id))
                && covers(
                        other.role,
                        other.accounts,
                        other.symbols,
                        other.strategy,
                        other.ownOrdersOnly,
                        other.networks,
                        other.expiresAt,
                        other.callsPerSecond);
    }

    private boolean covers(
            Role itsRole,
            Optional<Set<String>> itsAccounts,
            Optional<Set<String>> itsSymbols,
            Optional<String> itsStrategy,
            boolean itsOwn,
            List<Network> itsNetworks,
            Optional<Instant> itsEnd,
            OptionalInt itsRate) {
        return role.covers(itsRole)
                && isSubset(itsAccounts, accounts)
                && isSubset(itsSymbols, symbols)
                && (strategy.isEmpty() || strategy.equals(itsStrategy))
                && (!ownOrdersOnly || itsOwn)
                && (networks.isEmpty()
                        || !itsNetworks.isEmpty()
                                && itsNetworks.stream()
                                        .allMatch(it -> networks.stream().anyMatch(mine -> mine.contains(it))))
                && (expiresAt.isEmpty()
                        || itsEnd.filter(end -> !end.isAfter(expiresAt.get())).isPresent())
                && (callsPerSecond.isEmpty() || itsRate.isPresent() && itsRate.getAsInt() <= callsPerSecond.getAsInt());
    }

    private static boolean isSubset(Optional<Set<String>> its, Optional<Set<String>> mine) {
        return mine.isEmpty() || its.isPresent() && mine.get().containsAll(its.get());
    }

    /** The caller that a login of this key has. */
    Caller toCaller(Login login) {
        return new Caller(name, role, accounts, symbols, strategy, ownOrdersOnly, login.fingerprint());
    }

    /** @param secret the secret of the request */
    Caller toCaller(SecretHash secret) {
        return new Caller(name, role, accounts, symbols, strategy, ownOrdersOnly, secret.fingerprint());
    }
}
