package kr.kisgateway.simulator.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AccessTokensTest {
    private static final Instant ISSUED = Instant.parse("2026-11-20T01:00:00.123Z");

    private static String token(String appKey, Instant issuedAt) {
        return AccessTokens.of("secret", appKey, issuedAt, issuedAt.plusSeconds(86_400));
    }

    @Test
    void a_token_of_any_app_key_fits_into_the_header_of_350_characters() {
        assertThat(IntStream.rangeClosed(8, 64).mapToObj("P"::repeat))
                .allSatisfy(
                        appKey -> assertThat("Bearer " + token(appKey, ISSUED)).hasSizeLessThanOrEqualTo(350));
        assertThat(token("\"".repeat(36), ISSUED).split("\\.", -1)).hasSize(3);
    }

    @Test
    void the_same_issue_gives_the_same_token_and_a_millisecond_later_another() {
        assertThat(token("PSONE", ISSUED)).isEqualTo(token("PSONE", ISSUED));
        assertThat(token("PSONE", ISSUED.plusMillis(1))).isNotEqualTo(token("PSONE", ISSUED));
        assertThat(token("PSTWO", ISSUED)).isNotEqualTo(token("PSONE", ISSUED));
    }
}
