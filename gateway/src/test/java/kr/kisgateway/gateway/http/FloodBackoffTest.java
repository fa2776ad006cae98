package kr.kisgateway.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import org.junit.jupiter.api.Test;

/** How long a key that flooded waits before its next socket. */
class FloodBackoffTest {
    private final FloodBackoff backoff = new FloodBackoff();

    private static Caller caller(String key) {
        return new Caller(key, Role.QUOTE, Optional.empty(), Optional.empty());
    }

    @Test
    void a_key_is_refused_for_five_seconds_and_others_are_not() {
        backoff.add("bot");
        for (int left = FloodBackoff.SECONDS; left > 0; left--) {
            int seconds = left;
            assertThat(backoff.refusalFor(caller("bot"))).hasValueSatisfying(refusal -> {
                assertThat(refusal.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
                assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(seconds));
            });
            assertThat(backoff.refusalFor(caller("another"))).isEmpty();
            backoff.onSecond();
        }
        assertThat(backoff.refusalFor(caller("bot"))).isEmpty();
    }

    @Test
    void a_further_flood_begins_the_wait_again() {
        backoff.add("bot");
        backoff.onSecond();
        backoff.add("bot");
        assertThat(backoff.refusalFor(caller("bot")).flatMap(it -> it.retryAfter()))
                .contains(Duration.ofSeconds(FloodBackoff.SECONDS));
    }

    @Test
    void the_keys_are_bounded() {
        for (int i = 0; i <= FloodBackoff.KEYS_MAX; i++) {
            backoff.add("k" + i);
        }
        assertThat(backoff.refusalFor(caller("k" + FloodBackoff.KEYS_MAX))).isEmpty();
        assertThat(backoff.refusalFor(caller("k0"))).isPresent();
    }
}
