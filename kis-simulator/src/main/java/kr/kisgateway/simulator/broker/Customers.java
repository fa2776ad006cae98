package kr.kisgateway.simulator.broker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.entity.AccountId;

/**
 * The identities that may call, and the limits of their behaviour.
 *
 * @param identitiesByKey all identities, of both faces; empty = any well-formed key, secret and account is accepted, the first
 *     secret used with a key binding it
 * @param faces the face of a key that is not listed, where both faces run in one program
 * @param conformanceLimits the limits behind the verdict
 * @param columns of records, for keys that have none of their own
 */
public record Customers(
        Optional<Map<String, Identity>> identitiesByKey,
        FaceOfKey faces,
        ConformanceLimits conformanceLimits,
        Columns columns) {
    /**
     * One app key with its secret, accounts and HTS id. Only hashes of key, secret and HTS id are stored.
     *
     * @param accounts that it may use; empty = any
     * @param htsIdHash of its HTS id; empty = the first one that it sends
     * @param columns of the records it gets; empty = the default of all keys
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

        /** Creates an identity with hashes of what must not be stored. */
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

        /** This identity with records of these columns, whatever the default. */
        public Identity withColumns(Columns newIdentityColumns) {
            return new Identity(face, keyHash, secretHash, accounts, htsIdHash, Optional.of(newIdentityColumns));
        }
    }

    /** The face that an app key belongs to; both faces call this from their own threads. */
    public interface FaceOfKey {
        /** The key's face; empty when no face has claimed it. */
        Optional<Face> of(String keyHash);

        /** The key's face; an unclaimed key belongs to the calling face from here on. */
        Face claim(String keyHash, Face callingFace);
    }

    /** With a single face all keys belong to it. */
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

    /** Any well-formed key, on a single face. */
    public static Customers unrestricted() {
        return new Customers(Optional.empty(), SINGLE_FACE, ConformanceLimits.defaults(), Columns.CURRENT);
    }

    /** These identities and no others. */
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

    /** These customers with records of these columns, except keys that have their own. */
    public Customers withColumns(Columns newColumns) {
        return new Customers(identitiesByKey, faces, conformanceLimits, newColumns);
    }

    /** The columns of a key's records. */
    Columns columns(String keyHash) {
        return identitiesByKey
                .map(all -> all.get(keyHash))
                .flatMap(Identity::columns)
                .orElse(columns);
    }

    /** Whether some key may use other columns than today's. */
    boolean hasClassicColumns() {
        return columns == Columns.CLASSIC
                || identitiesByKey.stream()
                        .flatMap(all -> all.values().stream())
                        .anyMatch(identity -> identity.columns().equals(Optional.of(Columns.CLASSIC)));
    }

    /** The code that refuses the key's login here; empty when it is accepted. Claims an unclaimed key. */
    Optional<String> loginError(String keyHash, Face thisFace) {
        if (identitiesByKey.isEmpty() && faces.claim(keyHash, thisFace) != thisFace) {
            return Optional.of(otherFaceError(thisFace));
        }
        return keyError(keyHash, thisFace);
    }

    /** The code that refuses the key's calls here; empty when it is accepted. */
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

    /** The live code is recorded; paper's is assumed to be the code of a TR of the other face. */
    private static String otherFaceError(Face thisFace) {
        return thisFace == Face.LIVE ? "EGW02004" : "EGW02006";
    }

    /** Whether the secret may be the key's; a listed key has exactly one. */
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
