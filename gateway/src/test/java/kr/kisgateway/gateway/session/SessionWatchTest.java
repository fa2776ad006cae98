package kr.kisgateway.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.feed.FeedGap;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Markets;
import org.junit.jupiter.api.Test;

class SessionWatchTest {
    /** Four in the afternoon of a Saturday in Seoul: no market is in session. */
    private Instant now = Instant.parse("2026-11-21T07:00:00Z");

    private boolean connected;
    private final AlertLog log = new AlertLog(_ -> {});
    private final SessionWatch watch =
            new SessionWatch(new OneSocket(), Markets.standard().calendars(new KrxCalendar()), () -> now, log);

    @Test
    void a_socket_outage_counts_while_a_market_is_in_session() {
        watch.check();
        now = now.plus(Duration.ofHours(1));
        watch.check();
        assertThat(log.newest(10)).isEmpty();
        now = Instant.parse("2026-11-23T01:00:00Z");
        watch.check();
        now = now.plusSeconds(29);
        watch.check();
        assertThat(log.newest(10)).isEmpty();
        now = now.plusSeconds(1);
        watch.check();
        watch.check();
        assertThat(only().event()).isEqualTo("feed_down");
        assertThat(only().level()).isEqualTo("P1");
        assertThat(only().settledAt()).isEmpty();
        connected = true;
        watch.check();
        assertThat(only().settledAt()).contains(now);
    }

    private Alert only() {
        assertThat(log.newest(10)).hasSize(1);
        return log.newest(1).getFirst();
    }

    private final class OneSocket implements SessionView {
        @Override
        public List<FeedGap> gaps() {
            return List.of();
        }

        @Override
        public Status status() {
            return new Status(
                    "ACTIVE",
                    "OPEN",
                    connected,
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    41,
                    new Budget(0, 18, 0, 5, 0, 0, 0));
        }

        @Override
        public List<AppKey> appKeys() {
            return List.of(new AppKey("K1", status()));
        }

        @Override
        public Duration reconnect() {
            return Duration.ZERO;
        }
    }
}
