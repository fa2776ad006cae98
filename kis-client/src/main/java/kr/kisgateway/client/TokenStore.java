package kr.kisgateway.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the access token is stored, encrypted, so that a restart and other processes of this machine use the same one:
 * each issue sends the owner a message.
 *
 * @param file the token's file; the built-in lock's file lies beside it
 * @param key encrypts it, at least 16 characters; store it outside the folder of {@code file}
 * @param lock prevents concurrent requests for a token; empty for the built-in one
 * @param rotation the highest age of a token; empty lets it live until five minutes before it expires. KIS issues the same
 *     token again for six hours, so less makes no sense
 * @param sharedStore a place shared with processes on other machines; they need one {@code lock} then
 */
public record TokenStore(
        Path file,
        Secret key,
        Optional<TokenLock> lock,
        Optional<Duration> rotation,
        Optional<SharedTokenStore> sharedStore) {
    private static final int KEY_LENGTH_MIN = 16;
    private static final Duration ROTATION_MIN = Duration.ofHours(6);

    public TokenStore {
        if (key.reveal().length() < KEY_LENGTH_MIN) {
            throw new IllegalArgumentException("the store key must have at least 16 characters");
        }
        if (rotation.filter(age -> age.compareTo(ROTATION_MIN) < 0).isPresent()) {
            throw new IllegalArgumentException("KIS repeats a token for six hours: rotate less often");
        }
    }

    /** With the built-in lock, each token for its full life. */
    public static TokenStore in(Path file, Secret key) {
        return new TokenStore(file, key, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public TokenStore withLock(TokenLock other) {
        return new TokenStore(file, key, Optional.of(other), rotation, sharedStore);
    }

    public TokenStore withRotation(Duration age) {
        return new TokenStore(file, key, lock, Optional.of(age), sharedStore);
    }

    /** Shared with processes on other machines, which use {@code lock} too. */
    public TokenStore withSharedStore(TokenLock other, SharedTokenStore place) {
        return new TokenStore(file, key, Optional.of(other), rotation, Optional.of(place));
    }
}
