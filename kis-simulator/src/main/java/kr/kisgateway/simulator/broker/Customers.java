package kr.kisgateway.simulator.broker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.simulator.catalog.Face;

/**
 * Who may call, and what is expected of them.
 *
 * @param known everybody there is, of both faces; empty = any well-formed key, secret and account is taken, the first
 *     secret seen with a key binding it
 * @param faces which face a key belongs to that is not written down, where both run in one program
 * @param judging where good manners end
 * @param columns of records, for keys that have none of their own
 */
public record Customers(Optional<Map<String, Identity>> known, FaceOfKey faces, Judging judging, Columns columns) {
    /**
     * One app key with what belongs to it. Of key, secret and HTS id only hashes are kept.
     *
     * @param accounts that it may use; empty = any
     * @param htsIdHash of its HTS id; empty = the first one that it names
     * @param columns of the records it gets; empty = what everybody gets
     */
    public record Identity(
            Face face,
            String keyHash,
            String secretHash,
            Set<AccountId> accounts,
            Optional<String> htsIdHash,
            Optional<Columns> columns) {
        public Identity {
            accounts = Set.copyOf(accounts);
        }

        /** Hashes what must not be kept. */
        public static Identity of(
                Face face, String appKey, String appSecret, Set<AccountId> accounts, Optional<String> htsId) {
            return new Identity(
                    face,
                    Secrets.hash(appKey),
                    Secrets.hash(appSecret),
                    accounts,
                    htsId.map(Secrets::hash),
                    Optional.empty());
        }

        /** Whatever others get, this key's records have these columns. */
        public Identity withColumns(Columns wanted) {
            return new Identity(face, keyHash, secretHash, accounts, htsIdHash, Optional.of(wanted));
        }
    }

    /** Which face an app key belongs to; both faces ask from threads of their own. */
    public interface FaceOfKey {
        /** Its face; empty when nobody has claimed it. */
        Optional<Face> of(String keyHash);

        /** The same, and what nobody has claimed is the asking face's from here on. */
        Face claim(String keyHash, Face asking);
    }

    /** Where there is but one face all keys are its own. */
    private static final FaceOfKey ALONE = new FaceOfKey() {
        @Override
        public Optional<Face> of(String keyHash) {
            return Optional.empty();
        }

        @Override
        public Face claim(String keyHash, Face asking) {
            return asking;
        }
    };

    /** Anybody, on one face alone. */
    public static Customers anybody() {
        return new Customers(Optional.empty(), ALONE, Judging.usual(), Columns.CURRENT);
    }

    /** These and nobody else. */
    public Customers knowing(List<Identity> identities) {
        Map<String, Identity> byKey = new HashMap<>();
        for (Identity identity : identities) {
            if (byKey.put(identity.keyHash(), identity) != null) {
                throw new IllegalArgumentException("an app key is listed twice");
            }
        }
        return new Customers(Optional.of(Map.copyOf(byKey)), faces, judging, columns);
    }

    public Customers withFaces(FaceOfKey newFaces) {
        return new Customers(known, newFaces, judging, columns);
    }

    public Customers withJudging(Judging newJudging) {
        return new Customers(known, faces, newJudging, columns);
    }

    /** Records have these columns, but for keys that have their own. */
    public Customers withColumns(Columns newColumns) {
        return new Customers(known, faces, judging, newColumns);
    }

    /** What a key's records have. */
    Columns columns(String keyHash) {
        return known.map(all -> all.get(keyHash)).flatMap(Identity::columns).orElse(columns);
    }

    /** Whether somebody may want other columns than today's. */
    boolean anyClassic() {
        return columns == Columns.CLASSIC
                || known.stream()
                        .flatMap(all -> all.values().stream())
                        .anyMatch(identity -> identity.columns().equals(Optional.of(Columns.CLASSIC)));
    }

    /** The key logs in here: why it may not, as a code, or empty when it may. */
    Optional<String> refusesLogin(String keyHash, Face here) {
        if (known.isEmpty() && faces.claim(keyHash, here) != here) {
            return Optional.of(otherFace(here));
        }
        return strange(keyHash, here);
    }

    /** Why a key may not call here: a code, or empty when it may. */
    Optional<String> strange(String keyHash, Face here) {
        if (known.isEmpty()) {
            return faces.of(keyHash).filter(face -> face != here).map(face -> otherFace(here));
        }
        Identity identity = known.get().get(keyHash);
        if (identity == null) {
            return Optional.of("EGW00103");
        }
        return identity.face() == here ? Optional.empty() : Optional.of(otherFace(here));
    }

    /** Live's is on record; paper's is assumed to be the code of a TR of the other face. */
    private static String otherFace(Face here) {
        return here == Face.LIVE ? "EGW02004" : "EGW02006";
    }

    /** Whether the secret may be the key's; who is known has one. */
    boolean secretFits(String keyHash, String secret) {
        return known.map(all -> all.get(keyHash))
                .map(identity -> Secrets.matches(secret, identity.secretHash()))
                .orElse(true);
    }

    /** Whether the key may use the account. */
    boolean owns(String keyHash, AccountId account) {
        return known.map(all -> all.get(keyHash))
                .map(identity ->
                        identity.accounts().isEmpty() || identity.accounts().contains(account))
                .orElse(true);
    }

    /** Whether the HTS id may be the key's. */
    boolean named(String keyHash, String htsId) {
        return known.map(all -> all.get(keyHash))
                .flatMap(Identity::htsIdHash)
                .map(hash -> Secrets.matches(htsId, hash))
                .orElse(true);
    }
}
