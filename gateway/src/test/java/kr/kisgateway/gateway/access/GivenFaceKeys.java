package kr.kisgateway.gateway.access;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.api.access.Role;

/** Keys whose virtual app key, secret, account and login id a test chooses; the product chooses them at random. */
public final class GivenFaceKeys {
    private GivenFaceKeys() {}

    /**
     * A key as its program has it.
     *
     * @param accountNumber ten digits
     * @param callsPerSecond its quota
     */
    public record Given(
            String appKey, String appSecret, String accountNumber, String htsId, String layout, int callsPerSecond) {}

    /** Stores the keys in the file of a gateway that has not started. */
    public static void store(Path file, Instant createdAt, List<Given> keys) {
        try (KeyStore store = KeyStore.open(file)) {
            for (Given key : keys) {
                String id = FaceText.idOf(key.appKey()).orElseThrow();
                boolean stored = store.insert(new ApiKey(
                        id,
                        "program-" + id.toLowerCase(Locale.ROOT),
                        Role.TRADE,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        true,
                        List.of(),
                        OptionalInt.of(key.callsPerSecond()),
                        createdAt,
                        Optional.empty(),
                        Optional.empty(),
                        KeyText.generate(new SecureRandom()).hash(),
                        Optional.empty(),
                        Optional.of(new FaceIdentity(
                                SecretHash.of(key.appKey()),
                                SecretHash.of(key.appSecret()),
                                Optional.empty(),
                                key.accountNumber(),
                                key.htsId(),
                                key.layout(),
                                FaceRecords.byLayout(key.layout()),
                                false))));
                if (!stored) {
                    throw new IllegalArgumentException("two keys have the id " + id);
                }
            }
        }
    }
}
