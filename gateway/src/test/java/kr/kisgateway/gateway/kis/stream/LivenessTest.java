package kr.kisgateway.gateway.kis.stream;

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
    void a_symbol_is_live_from_the_acknowledgement_of_its_registration_until_its_release() {
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
    void a_gap_stays_open_until_the_first_value_after_it() {
        liveness.acked(SAMSUNG, 1);
        liveness.received(SAMSUNG);
        liveness.missed(SAMSUNG);
        assertThat(liveness.isLive(SAMSUNG)).isFalse();
        assertThat(liveness.received(SAMSUNG)).isTrue();
        assertThat(liveness.isLive(SAMSUNG)).isTrue();
        assertThat(liveness.received(SAMSUNG)).isFalse();
    }

    @Test
    @Requirement(value = "G-02", clause = "healthy")
    void a_closed_socket_opens_a_gap_in_all_its_registrations() {
        liveness.acked(SAMSUNG, 1);
        liveness.acked(HYNIX, 2);
        liveness.closed(1);
        assertThat(liveness.isLive(SAMSUNG)).isFalse();
        assertThat(liveness.isLive(HYNIX)).isTrue();
        liveness.acked(SAMSUNG, 2);
        assertThat(liveness.isLive(SAMSUNG))
                .as("acknowledged, and no value received yet")
                .isFalse();
        liveness.received(SAMSUNG);
        assertThat(liveness.isLive(SAMSUNG)).isTrue();
    }
}
