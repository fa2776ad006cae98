package kr.kisgateway.gateway.face;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.access.KeyStore;
import kr.kisgateway.gateway.face.FaceTokens.Verdict;
import kr.kisgateway.gateway.quote.ManualClock;

/** Any text is a token or an approval key that was issued, or none. The first byte chooses which of them it would be. */
public final class FaceTokensFuzzer {
    private static final String ID = "abcdefgh";
    private static final String APP_KEY = "PSABCDEFGH00000000000000000000000001";
    private static final String FINGERPRINT = "0011223344556677";
    private static final InstantSource CLOCK = new ManualClock("2026-11-23T00:00:00Z");
    private static final Issued ISSUED = issued();

    /** @param tokens verifies without its keys' file, which is gone */
    private record Issued(FaceTokens tokens, String token, String approval) {}

    private FaceTokensFuzzer() {}

    private static Issued issued() {
        try {
            var folder = Files.createTempDirectory("fuzz-tokens-");
            try (var keys = new KeyRing(KeyStore.open(folder.resolve("access.db")), CLOCK, new SecureRandom())) {
                var tokens = new FaceTokens(keys, "a secret", CLOCK);
                return new Issued(
                        tokens, tokens.issue(ID, APP_KEY).orElseThrow().text(), tokens.approvalKey(ID, FINGERPRINT));
            } finally {
                try (var files = Files.list(folder)) {
                    for (var file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        String text = new String(input, 1, input.length - 1, StandardCharsets.UTF_8);
        if ((input[0] & 1) == 0) {
            boolean isIssued = text.equals(ISSUED.token());
            if ((ISSUED.tokens().verify(ID, APP_KEY, text) == Verdict.INVALID) == isIssued) {
                throw new IllegalStateException(isIssued ? "a token is refused" : "a forged token is accepted");
            }
            return;
        }
        var approval = ISSUED.tokens().approved(text, id -> List.of(FINGERPRINT));
        boolean isIssued = digits(text).equals(digits(ISSUED.approval()));
        if (approval.isPresent() != isIssued) {
            throw new IllegalStateException(
                    isIssued ? "an approval key is refused" : "a forged approval key is accepted");
        }
        if (approval.isPresent() && !approval.get().keyId().equals(ID)) {
            throw new IllegalStateException(
                    "an approval key of " + approval.get().keyId());
        }
    }

    /** An approval key has the form of a UUID, in which neither dashes nor capitals matter. */
    private static String digits(String text) {
        return text.replace("-", "").toLowerCase(Locale.ROOT);
    }
}
