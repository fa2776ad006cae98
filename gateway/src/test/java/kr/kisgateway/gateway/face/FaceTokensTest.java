package kr.kisgateway.gateway.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.access.KeyStore;
import kr.kisgateway.gateway.face.FaceTokens.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each token is verified before as well: what is remembered of it must decide nothing. */
class FaceTokensTest {
    private static final String ID = "abcdefgh";
    private static final String APP_KEY = "PSABCDEFGH00000000000000000000000001";

    @TempDir
    private Path folder;

    private Instant now = Instant.parse("2026-11-23T00:00:00Z");
    private final InstantSource clock = () -> now;
    private KeyRing keys;
    private FaceTokens tokens;

    @BeforeEach
    void start() {
        keys = new KeyRing(KeyStore.open(folder.resolve("access.db")), clock, new SecureRandom());
        tokens = new FaceTokens(keys, "a secret", clock);
    }

    @AfterEach
    void stop() {
        keys.close();
    }

    @Test
    void a_revoked_token_is_refused_at_once_and_never_again_accepted() {
        String text = issueAndUse();

        assertThat(tokens.revoke(ID, APP_KEY, text)).isTrue();

        assertThat(tokens.verify(ID, APP_KEY, text)).isEqualTo(Verdict.INVALID);
        String next = issueAndUse();
        assertThat(next).isNotEqualTo(text);
        assertThat(tokens.verify(ID, APP_KEY, text)).isEqualTo(Verdict.INVALID);
        assertThat(tokens.verify(ID, APP_KEY, next)).isEqualTo(Verdict.VALID);
    }

    @Test
    void a_token_that_was_used_expires() {
        String text = issueAndUse();

        now = now.plus(FaceTokens.LIFE).minusSeconds(1);
        assertThat(tokens.verify(ID, APP_KEY, text)).isEqualTo(Verdict.VALID);
        now = now.plus(Duration.ofSeconds(1));
        assertThat(tokens.verify(ID, APP_KEY, text)).isEqualTo(Verdict.EXPIRED);
    }

    @Test
    void a_text_that_differs_from_the_used_token_anywhere_is_refused() {
        String text = issueAndUse();

        for (int at = 0; at < text.length(); at++) {
            char other = text.charAt(at) == 'A' ? 'B' : 'A';
            String forged = text.substring(0, at) + other + text.substring(at + 1);
            assertThat(tokens.verify(ID, APP_KEY, forged))
                    .as("changed at %d", at)
                    .isEqualTo(Verdict.INVALID);
        }
        assertThat(tokens.verify(ID, APP_KEY, text)).isEqualTo(Verdict.VALID);
    }

    @Test
    void a_used_token_is_refused_with_another_app_key_and_for_another_key() {
        String text = issueAndUse();
        String otherKey = APP_KEY.replace("01", "02");

        assertThat(tokens.verify(ID, otherKey, text)).isEqualTo(Verdict.INVALID);
        assertThat(tokens.verify("bcdefgha", otherKey, text)).isEqualTo(Verdict.INVALID);
        assertThat(tokens.verify(ID, APP_KEY, text)).isEqualTo(Verdict.VALID);
    }

    @Test
    void two_tokens_of_a_key_are_accepted_in_turns() {
        String first = issueAndUse();
        now = now.plus(FaceTokens.REUSE);
        String second = issueAndUse();

        assertThat(second).isNotEqualTo(first);
        for (int i = 0; i < 3; i++) {
            assertThat(tokens.verify(ID, APP_KEY, first)).isEqualTo(Verdict.VALID);
            assertThat(tokens.verify(ID, APP_KEY, second)).isEqualTo(Verdict.VALID);
        }
    }

    @Test
    void a_gateway_with_another_secret_refuses_the_token() {
        String text = issueAndUse();

        assertThat(new FaceTokens(keys, "another secret", clock).verify(ID, APP_KEY, text))
                .isEqualTo(Verdict.INVALID);
    }

    private String issueAndUse() {
        String text = tokens.issue(ID, APP_KEY).orElseThrow().text();
        assertThat(tokens.verify(ID, APP_KEY, text)).isEqualTo(Verdict.VALID);
        return text;
    }
}
