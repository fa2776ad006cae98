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
 * @param identitiesByKey everybody there is, of both faces; empty = any well-formed key, secret and account is taken, the first
 *     secret seen with a key binding it
 * @param faces which face a key belongs to that is not written down, where both run in one program
 * @param conformanceLimits where good manners end
 * @param columns of records, for keys that have none of their own
 */
public record Customers(
        Optional<Map<String, Identity>> identitiesByKey,
        FaceOfKey faces,
        ConformanceLimits conformanceLimits,
        Columns columns) {
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
        public Identity withColumns(Columns newIdentityColumns) {
            return new Identity(face, keyHash, secretHash, accounts, htsIdHash, Optional.of(newIdentityColumns));
        }
    }

    /** Which face an app key belongs to; both faces ask from threads of their own. */
    public interface FaceOfKey {
        /** Its face; empty when nobody has claimed it. */
        Optional<Face> of(String keyHash);

        /** The same, and what nobody has claimed is the asking face's from here on. */
        Face claim(String keyHash, Face callingFace);
    }

    /** Where there is but one face all keys are its own. */
    private static final FaceOfKey SINGLE_FACE = new FaceOfKey() {
        @Override
        public Optional<Face> of(String keyHash) {
            return Optional.empty();
        }

        @Override
        public Face claim(String keyHash, Face callingFace) {
            return callingFace;
        }
    };

    /** Anybody, on one face alone. */
    public static Customers unrestricted() {
        return new Customers(Optional.empty(), SINGLE_FACE, ConformanceLimits.defaults(), Columns.CURRENT);
    }

    /** These and nobody else. */
    public Customers withIdentities(List<Identity> identities) {
        Map<String, Identity> byKey = new HashMap<>();
        for (Identity identity : identities) {
            if (byKey.put(identity.keyHash(), identity) != null) {
                throw new IllegalArgumentException("an app key is listed twice");
            }
        }
        return new Customers(Optional.of(Map.copyOf(byKey)), faces, conformanceLimits, columns);
    }

    public Customers withFaces(FaceOfKey newFaces) {
        return new Customers(identitiesByKey, newFaces, conformanceLimits, columns);
    }

    public Customers withConformanceLimits(ConformanceLimits newLimits) {
        return new Customers(identitiesByKey, faces, newLimits, columns);
    }

    /** Records have these columns, but for keys that have their own. */
    public Customers withColumns(Columns newColumns) {
        return new Customers(identitiesByKey, faces, conformanceLimits, newColumns);
    }

    /** What a key's records have. */
    Columns columns(String keyHash) {
        return identitiesByKey
                .map(all -> all.get(keyHash))
                .flatMap(Identity::columns)
                .orElse(columns);
    }

    /** Whether somebody may want other columns than today's. */
    boolean hasClassicColumns() {
        return columns == Columns.CLASSIC
                || identitiesByKey.stream()
                        .flatMap(all -> all.values().stream())
                        .anyMatch(identity -> identity.columns().equals(Optional.of(Columns.CLASSIC)));
    }

    /** The key logs in here: why it may not, as a code, or empty when it may. */
    Optional<String> loginError(String keyHash, Face thisFace) {
        if (identitiesByKey.isEmpty() && faces.claim(keyHash, thisFace) != thisFace) {
            return Optional.of(otherFaceError(thisFace));
        }
        return keyError(keyHash, thisFace);
    }

    /** Why a key may not call here: a code, or empty when it may. */
    Optional<String> keyError(String keyHash, Face thisFace) {
        if (identitiesByKey.isEmpty()) {
            return faces.of(keyHash).filter(face -> face != thisFace).map(face -> otherFaceError(thisFace));
        }
        Identity identity = identitiesByKey.get().get(keyHash);
        if (identity == null) {
            return Optional.of("EGW00103");
        }
        return identity.face() == thisFace ? Optional.empty() : Optional.of(otherFaceError(thisFace));
    }

    /** Live's is on record; paper's is assumed to be the code of a TR of the other face. */
    private static String otherFaceError(Face thisFace) {
        return thisFace == Face.LIVE ? "EGW02004" : "EGW02006";
    }

    /** Whether the secret may be the key's; who is known has one. */
    boolean secretMatches(String keyHash, String secret) {
        return identitiesByKey
                .map(all -> all.get(keyHash))
                .map(identity -> Secrets.matches(secret, identity.secretHash()))
                .orElse(true);
    }

    /** Whether the key may use the account. */
    boolean owns(String keyHash, AccountId account) {
        return identitiesByKey
                .map(all -> all.get(keyHash))
                .map(identity ->
                        identity.accounts().isEmpty() || identity.accounts().contains(account))
                .orElse(true);
    }

    /** Whether the HTS id may be the key's. */
    boolean htsIdMatches(String keyHash, String htsId) {
        return identitiesByKey
                .map(all -> all.get(keyHash))
                .flatMap(Identity::htsIdHash)
                .map(hash -> Secrets.matches(htsId, hash))
                .orElse(true);
    }
}
