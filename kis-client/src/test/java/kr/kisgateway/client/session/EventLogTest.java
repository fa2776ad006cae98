package kr.kisgateway.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.wire.RealtimeKey;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class EventLogTest {
    private static Level refused(String code) {
        return EventLog.level(
                new KisEvent.RegistrationRefused(new RealtimeKey("H0STCNT0", "005930"), code, "text of KIS"));
    }

    @Test
    @Requirement(value = "I-04", clause = "use")
    void an_event_is_logged_as_severe_as_its_code() {
        assertThat(refused("OPSP0017")).as("critical").isEqualTo(Level.ERROR);
        assertThat(refused("OPSP0008")).as("high").isEqualTo(Level.ERROR);
        assertThat(refused("OPSP8991")).as("medium").isEqualTo(Level.WARN);
        assertThat(refused("OPSP0002")).as("info").isEqualTo(Level.INFO);
        assertThat(EventLog.level(new KisEvent.SessionError("OPSP9991", "text of KIS")))
                .isEqualTo(Level.WARN);
        assertThat(EventLog.level(new KisEvent.AppKeyInUse(Duration.ofSeconds(60))))
                .isEqualTo(Level.ERROR);
    }

    @Test
    void an_alert_without_a_listed_code_is_logged_as_an_error() {
        assertThat(refused("OPSP4711")).isEqualTo(Level.ERROR);
        assertThat(EventLog.level(new KisEvent.TokenFailed("no answer", "", false)))
                .isEqualTo(Level.WARN);
        assertThat(EventLog.level(new KisEvent.ReconnectExhausted(10, "refused")))
                .isEqualTo(Level.ERROR);
        assertThat(EventLog.level(new KisEvent.FirstMessage())).isEqualTo(Level.INFO);
    }
}
