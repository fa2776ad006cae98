package kr.kisgateway.gateway.kis;

import static org.assertj.core.api.Assertions.assertThat;

import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

class LivenessTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final Symbol HYNIX = new Symbol("000660");

    private final Liveness liveness = new Liveness();

    @Test
    @Requirement(value = "G-02", clause = "healthy")
    void a_symbol_is_live_from_the_acknowledgement_of_its_registration_to_its_release() {
        assertThat(liveness.isLive(SAMSUNG)).isFalse();
        liveness.acked(SAMSUNG, 1);
        assertThat(liveness.isLive(SAMSUNG)).isTrue();
        assertThat(liveness.isLive(HYNIX)).isFalse();
        liveness.released(SAMSUNG, 2);
        assertThat(liveness.isLive(SAMSUNG)).as("another socket released it").isTrue();
        liveness.released(SAMSUNG, 1);
        assertThat(liveness.isLive(SAMSUNG)).isFalse();
    }

    @Test
    @Requirement(value = "G-02", clause = "healthy")
    void a_gap_is_open_until_the_first_value_that_comes_after_it() {
        liveness.acked(SAMSUNG, 1);
        liveness.heard(SAMSUNG);
        liveness.missed(SAMSUNG);
        assertThat(liveness.isLive(SAMSUNG)).isFalse();
        assertThat(liveness.heard(SAMSUNG)).isTrue();
        assertThat(liveness.isLive(SAMSUNG)).isTrue();
        assertThat(liveness.heard(SAMSUNG)).isFalse();
    }

    @Test
    @Requirement(value = "G-02", clause = "healthy")
    void the_end_of_a_socket_opens_a_gap_in_all_that_came_by_it() {
        liveness.acked(SAMSUNG, 1);
        liveness.acked(HYNIX, 2);
        liveness.closed(1);
        assertThat(liveness.isLive(SAMSUNG)).isFalse();
        assertThat(liveness.isLive(HYNIX)).isTrue();
        liveness.acked(SAMSUNG, 2);
        assertThat(liveness.isLive(SAMSUNG))
                .as("acknowledged, and nothing came yet")
                .isFalse();
        liveness.heard(SAMSUNG);
        assertThat(liveness.isLive(SAMSUNG)).isTrue();
    }
}
