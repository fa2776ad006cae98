package kr.kisgateway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import kr.kisgateway.client.GapCause;
import kr.kisgateway.client.GapCause.Kind;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.interruption.NoOpStatusListener;
import kr.kisgateway.gateway.kis.stream.KisFeed;
import kr.kisgateway.gateway.kis.stream.SessionAlerts;
import kr.kisgateway.gateway.meter.BoundMeters;
import kr.kisgateway.gateway.pool.Demand;
import kr.kisgateway.gateway.pool.RegistrationListener;
import kr.kisgateway.market.Trade;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.RealtimeKey;
import org.junit.jupiter.api.Test;

/** Events of KIS's session, and the gap messages that the stream publishes for them. */
@Requirement("I-01")
class FeedGapTest {
    private static final Instant NOW = Instant.parse("2026-11-20T02:00:00Z");
    private static final RealtimeKey TRADES = new RealtimeKey("H0STCNT0", "005930");
    private static final RealtimeKey BOOKS = new RealtimeKey("H0STASP0", "005930");

    private final StreamRig rig = new StreamRig(new StreamSettings(20, 10, 64, 128, 64 * 1024, Duration.ofSeconds(20)));
    private final KisFeed all = new KisFeed(
            rig.store,
            new NoOpRegistrationWatch(),
            new NoOpStatusListener(),
            new SessionAlerts(new AlertLog(_ -> {}), CodeTable.load(), rig.clock),
            rig.clock);
    private final KisListener feed = all.socketListener(1, "K2");

    FeedGapTest() {
        all.attach(rig.hub);
    }

    @Test
    void each_cause_has_its_code() {
        var client = rig.listening("trades");
        assertThat(causeAfter(client, Kind.RECONNECT)).isEqualTo("RECONNECT");
        assertThat(causeAfter(client, Kind.LISTENER_RESET)).isEqualTo("RECONNECT");
        assertThat(causeAfter(client, Kind.SILENCE)).isEqualTo("SILENCE");
        assertThat(causeAfter(client, Kind.REFUSED)).isEqualTo("SLOT_LOST");
        assertThat(causeAfter(client, Kind.APP_KEY_IN_USE)).isEqualTo("STOLEN_SESSION");
    }

    @Test
    void a_session_taken_over_is_reported_as_stolen_until_it_recovers() {
        var client = rig.listening("trades");
        feed.acked(TRADES);
        feed.event(new KisEvent.Closed("socket reset"));
        feed.event(new KisEvent.Connected(1));
        feed.event(new KisEvent.AppKeyInUse(Duration.ofSeconds(90)));
        feed.event(new KisEvent.Closed("OPSP8996 another session holds the app key"));
        feed.event(new KisEvent.Connected(2));
        feed.acked(TRADES);
        assertThat(causeAfter(client, Kind.RECONNECT)).isEqualTo("STOLEN_SESSION");

        feed.event(new KisEvent.Closed("socket reset"));
        feed.acked(TRADES);
        assertThat(causeAfter(client, Kind.RECONNECT)).isEqualTo("RECONNECT");
    }

    @Test
    void books_have_a_gap_of_their_own() {
        var books = rig.listening("books");
        feed.gap(Set.of(BOOKS), NOW, NOW, new GapCause(Kind.SILENCE, "silent for 120 s"));
        assertThat(books.next().get("gap").get("cause").stringValue()).isEqualTo("SILENCE");
    }

    @Test
    void a_volume_jump_is_a_gap_unless_one_was_already_published() {
        var client = rig.listening("trades");
        feed.acked(TRADES);
        trade(10, 110);
        assertThat(client.next().has("gap")).isFalse();
        trade(10, 120);
        assertThat(client.next().has("gap")).isFalse();
        trade(10, 160);
        assertThat(client.next().get("gap").get("cause").stringValue()).isEqualTo("MISSED_TRADES");
        assertThat(client.next().get("v").longValue()).isEqualTo(160);
        assertThat(BoundMeters.of(all::bindTo).value("feed.missed.trades")).isEqualTo(1);

        assertThat(causeAfter(client, Kind.RECONNECT)).isEqualTo("RECONNECT");
        trade(10, 500);
        assertThat(client.next().get("v").longValue()).isEqualTo(500);
        trade(10, 510);
        assertThat(client.next().get("v").longValue()).isEqualTo(510);
    }

    @Test
    void trades_made_while_no_client_was_subscribed_are_a_gap_of_the_next_subscriber() {
        feed.acked(TRADES);
        trade(10, 110);
        feed.event(new KisEvent.Unsubscribed(TRADES, "OPSP0001"));
        var client = rig.listening("trades");
        assertThat(client.next().get("v").longValue()).as("the snapshot").isEqualTo(110);
        feed.acked(TRADES);
        trade(10, 160);
        assertThat(client.next().get("gap").get("cause").stringValue()).isEqualTo("MISSED_TRADES");
        assertThat(client.next().get("v").longValue()).isEqualTo(160);
        assertThat(BoundMeters.of(all::bindTo).value("feed.missed.trades"))
                .as("lost ones")
                .isZero();

        feed.event(new KisEvent.Unsubscribed(TRADES, "OPSP0001"));
        feed.acked(TRADES);
        trade(10, 170);
        assertThat(client.next().get("v").longValue()).as("nothing is missing").isEqualTo(170);
    }

    private String causeAfter(StreamReader client, Kind cause) {
        feed.gap(Set.of(TRADES), NOW, NOW, new GapCause(cause, "any words"));
        return client.next().get("gap").get("cause").stringValue();
    }

    private void trade(long qty, long volume) {
        feed.trade(new Trade(
                StreamRig.SAMSUNG, 20261120, 110000, 70_000, qty, 0, 70_000, 70_000, 70_000, 0, 0, volume, 0, 'B'));
    }

    private static final class NoOpRegistrationWatch implements RegistrationListener {
        @Override
        public void acked(Demand demand) {
            // ignored
        }

        @Override
        public void lost(Demand demand) {
            // ignored
        }

        @Override
        public void refused(Demand demand) {
            // ignored
        }
    }
}
