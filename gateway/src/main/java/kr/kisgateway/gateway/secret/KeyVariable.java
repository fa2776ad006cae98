package kr.kisgateway.gateway.secret;

import java.security.SecureRandom;
import java.util.Optional;
import kr.kisgateway.client.Secret;

/** The master key in the setting {@code MASTER_KEY}, which the environment supplies. */
final class KeyVariable implements MasterKeySource {
    private final Optional<Secret> value;

    KeyVariable(Optional<Secret> value) {
        this.value = value;
    }

    @Override
    public Optional<MasterKey> read() throws SecretException {
        if (value.isEmpty()) {
            throw new SecretException("MASTER_KEY_SOURCE is env, and MASTER_KEY is not set: set it to "
                    + MasterKey.LENGTH_MIN + " characters or more (openssl rand -base64 32).");
        }
        if (value.get().reveal().length() < MasterKey.LENGTH_MIN) {
            throw new SecretException("MASTER_KEY must have " + MasterKey.LENGTH_MIN + " characters or more.");
        }
        return value.map(MasterKey::new);
    }

    @Override
    public void create(MasterKey key, SecureRandom random) throws SecretException {
        throw readOnly();
    }

    @Override
    public void replace(MasterKey key, SecureRandom random) throws SecretException {
        throw readOnly();
    }

    private static SecretException readOnly() {
        return new SecretException("The gateway cannot change MASTER_KEY: its environment supplies it.");
    }

    @Override
    public String label() {
        return "the environment variable MASTER_KEY";
    }
}
