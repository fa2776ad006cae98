package kr.kisgateway.gateway.secret;

import java.security.SecureRandom;
import java.util.Optional;

/** A place of the master key. */
interface MasterKeySource {
    /** The key; empty when the place has none yet. */
    Optional<MasterKey> read() throws SecretException;

    /** Stores {@code key} where there is none; another process may have been faster, so it is read again afterwards. */
    void create(MasterKey key, SecureRandom random) throws SecretException;

    /** Stores {@code key} in place of one that is there. */
    void replace(MasterKey key, SecureRandom random) throws SecretException;

    /** The place, for messages; without secrets. */
    String label();
}
