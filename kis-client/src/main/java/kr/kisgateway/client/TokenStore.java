package kr.kisgateway.client;

import java.nio.file.Path;

/**
 * Where the access token is kept, encrypted, so that a restart and other processes of this machine use the same one:
 * each issue sends the owner a message.
 *
 * @param file the token's file; a lock file lies beside it
 * @param key what encrypts it, at least 16 characters; keep it outside the folder of {@code file}
 */
public record TokenStore(Path file, Secret key) {
    private static final int KEY_LENGTH_MIN = 16;

    public TokenStore {
        if (key.reveal().length() < KEY_LENGTH_MIN) {
            throw new IllegalArgumentException("the store key must have at least 16 characters");
        }
    }
}
