package kr.kisgateway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.feed.GapCause;
import kr.kisgateway.gateway.task.ManualTaskRunner;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The guarantees to a client: the numbers, the gaps, the bounds. */
class StreamRuleTest {
    private static final StreamSettings SETTINGS =
            new StreamSettings(20, 1_000, 8, 400, 64 * 1024, Duration.ofSeconds(20), 4_096, 100_000, 50);

    private final StreamRig rig = new StreamRig(SETTINGS);

    /** Follows one channel by its numbers: each is the previous one, plus what it replaced, plus one. */
    private static final class SequenceChecker {
        private long last = -1;
        private int gaps;
        private String cause = "";

        void accept(JsonNode message) {
            var seq = message.get("seq").longValue();
            if (message.has("gap")) {
                gaps++;
                cause = message.get("gap").get("cause").stringValue();
                assertThat(seq).isEqualTo(message.get("gap").get("to").longValue());
                if (last >= 0) {
                    assertThat(message.get("gap").get("from").longValue()).isEqualTo(last + 1);
                }
            } else if (last >= 0) {
                assertThat(seq - last)
                        .as(message.toString())
                        .isEqualTo(message.path("conflated").asLong(0) + 1);
            }
            last = seq;
        }

        void readUntil(StreamReader client, long seq) {
            while (last < seq) {
                accept(client.next());
            }
        }
    }

    @Requirement("I-01")
    @ParameterizedTest
    @ValueSource(strings = {"quotes", "trades", "books"})
    void sequence_numbers_add_up_for_a_slow_reader_during_upstream_gaps(String channel) {
        var client = rig.listening(channel);
        var sequence = new SequenceChecker();
        one(channel, 70_000);
        sequence.readUntil(client, 1);
        client.stall();
        one(channel, 70_100);
        client.awaitStalled();
        for (var i = 0; i < 5; i++) {
            one(channel, 70_200 + 100 * i);
        }
        missed(channel, GapCause.SILENCE);
        for (var i = 0; i < 30; i++) {
            one(channel, 71_000 + 100 * i);
        }
        missed(channel, GapCause.STOLEN_SESSION);
        one(channel, 75_000);
        client.resume();

        sequence.readUntil(client, 2 + 5 + 1 + 30 + 1 + 1);
        assertThat(sequence.gaps).isGreaterThanOrEqualTo(2);
        one(channel, 76_000);
        sequence.readUntil(client, 41);
    }

    @Test
    @Requirement(value = "I-01", clause = "marked")
    void a_gap_is_published_with_its_cause_on_every_affected_channel() {
        var trades = rig.listening("trades");
        var quotes = rig.listening("quotes");
        var books = rig.listening("books");
        rig.hub.tradesMissed(StreamRig.SAMSUNG, GapCause.MISSED_TRADES);
        rig.hub.booksMissed(StreamRig.SAMSUNG, GapCause.RECONNECT);

        assertThat(cause(trades)).isEqualTo("MISSED_TRADES");
        assertThat(cause(quotes)).isEqualTo("MISSED_TRADES");
        assertThat(cause(books)).isEqualTo("RECONNECT");
    }

    @Test
    void a_client_that_never_reads_uses_no_more_than_its_bytes_and_another_receives_every_trade() {
        var stalledClient = rig.listening("trades", "quotes", "books");
        var otherClient = rig.listening("trades");
        stalledClient.stall();
        rig.tick(70_000);
        stalledClient.awaitStalled();
        var sequence = new SequenceChecker();
        for (var i = 1; i <= 500; i++) {
            rig.tick(70_000 + i);
            rig.book(70_000 + i);
            sequence.readUntil(otherClient, i + 1L);
        }
        assertThat(sequence.gaps).isZero();
        stalledClient.resume();
        var bytes = 0L;
        var checker = new SequenceChecker();
        while (checker.last < 501) {
            var message = stalledClient.next();
            bytes += message.toString().length();
            if (message.get("ch").stringValue().equals("trades")) {
                checker.accept(message);
            }
        }
        assertThat(checker.gaps).isEqualTo(1);
        assertThat(checker.cause).isEqualTo("SLOW_CONSUMER");
        assertThat(bytes).isLessThan(4_096 + 1_024);
    }

    @Test
    void the_bytes_of_a_mailbox_are_bounded_for_undroppable_messages_too() {
        var client = rig.listening("executions");
        client.stall();
        var large = "x".repeat(2_000);
        rig.hub.execution("A1", "005930", "bot", 1, () -> OrderMessages.execution("A1", 1, large));
        client.awaitStalled();
        for (var i = 2; i <= 60; i++) {
            var seq = i;
            rig.hub.execution("A1", "005930", "bot", seq, () -> OrderMessages.execution("A1", seq, large));
        }
        client.resume();

        assertThat(client.closedWith()).isEqualTo(4008);
        assertThat(rig.hub.counters().slowClosed.sum()).isEqualTo(1);
    }

    @Test
    void a_flood_of_requests_is_refused_for_that_client_alone() {
        var flooder = rig.reader(Role.QUOTE);
        var otherClient = rig.reader(Role.QUOTE);
        for (var i = 0; i < 50; i++) {
            assertThat(flooder.errorFor("{\"op\":\"dance\"}")).isEqualTo("INVALID_FIELD");
        }
        assertThat(flooder.errorFor("{\"op\":\"dance\"}")).isEqualTo("QUOTA_EXCEEDED");
        assertThat(otherClient.errorFor("{\"op\":\"dance\"}")).isEqualTo("INVALID_FIELD");
        assertThat(rig.hub.counters().requestsRefused.sum()).isEqualTo(1);
        rig.clock.advance(Duration.ofSeconds(1));
        assertThat(flooder.errorFor("{\"op\":\"dance\"}")).isEqualTo("INVALID_FIELD");
    }

    @Test
    void a_client_that_continues_after_hundreds_of_refusals_is_closed() {
        var flooder = rig.reader(Role.QUOTE);
        for (var i = 0; i < 500; i++) {
            // Its answers are read: it is not closed for being slow.
            flooder.errorFor("{\"op\":\"dance\"}");
        }
        flooder.submit("{\"op\":\"dance\"}");
        assertThat(flooder.closedWith()).isEqualTo(4008);
        assertThat(rig.hub.counters().requestsRefused.sum()).isEqualTo(451);
    }

    @Test
    void a_client_that_sends_megabytes_a_second_is_closed() {
        var flooder = rig.reader(Role.QUOTE);
        for (var i = 0; i < 60; i++) {
            flooder.submit(" ".repeat(60_000));
        }
        assertThat(flooder.closedWith()).isEqualTo(4008);
    }

    @Test
    void too_many_symbols_are_refused_and_nothing_is_subscribed() {
        var client = rig.reader(Role.QUOTE);
        var many = new StringBuilder("{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\"005930\"");
        for (var i = 0; i < 10_000; i++) {
            many.append(",\"%06d\"".formatted(i));
        }
        assertThat(client.errorFor(many + "]}")).isEqualTo("INVALID_FIELD");
        rig.tick(70_000);
        assertThat(client.errorFor("{\"op\":\"dance\"}")).isEqualTo("INVALID_FIELD");
    }

    @Test
    void the_session_status_is_published_first_and_on_every_change() {
        var table = new kr.kisgateway.gateway.http.RouteTable();
        var tasks = new ManualTaskRunner();
        rig.hub.register(table, tasks);
        tasks.advance(Duration.ZERO);
        var client = rig.reader(Role.QUOTE);
        client.submit("{\"op\":\"subscribe\",\"channels\":[\"session\"]}");
        client.next();
        var before = client.next();
        assertThat(before.get("ch").stringValue()).isEqualTo("session");
        assertThat(before.get("state").stringValue()).isEqualTo("ACTIVE");

        rig.session = new SessionSnapshot("RECONNECTING", false, Optional.of("closed"), "REGULAR");
        rig.hub.sessionChanged();
        tasks.advance(Duration.ZERO);
        var after = client.next();
        assertThat(after.get("state").stringValue()).isEqualTo("RECONNECTING");
        assertThat(after.get("connected").booleanValue()).isFalse();
        assertThat(after.get("last_error").stringValue()).isEqualTo("closed");
        assertThat(after.get("seq").longValue()).isEqualTo(before.get("seq").longValue() + 1);

        rig.session = new SessionSnapshot("ACTIVE", true, Optional.empty(), "REGULAR");
        tasks.advance(Duration.ofSeconds(1));
        assertThat(client.next().get("state").stringValue())
                .as("without a notice")
                .isEqualTo("ACTIVE");
        rig.hub.close();
        assertThat(tasks.running()).isEmpty();
    }

    @Test
    void alerts_start_with_the_last_hundred_and_continue_by_their_numbers() {
        for (var i = 1; i <= 120; i++) {
            rig.hub.alert(alert("text " + i));
        }
        var client = rig.listening("alerts");
        for (var i = 21; i <= 120; i++) {
            var message = client.next();
            assertThat(message.get("message").stringValue()).isEqualTo("text " + i);
            assertThat(message.get("seq").longValue()).isEqualTo(i);
            assertThat(message.get("snapshot").booleanValue()).isTrue();
        }
        rig.hub.alert(alert("text 121"));
        var live = client.next();
        assertThat(live.get("seq").longValue()).isEqualTo(121);
        assertThat(live.has("snapshot")).isFalse();
    }

    @Test
    void a_settled_alert_is_in_the_snapshot_once() {
        var log = new AlertLog(rig.hub::alert);
        var raised = Instant.parse("2026-11-20T02:00:00Z");
        log.raise(Alert.of(raised, "P1", AlertEvent.FEED_DOWN, "K1", "down"));
        log.raise(Alert.of(raised, "P1", AlertEvent.FEED_DOWN, "K2", "down, too"));
        log.settle(AlertEvent.FEED_DOWN, "K1", raised.plusSeconds(5));

        var client = rig.listening("alerts");
        var open = client.next();
        assertThat(open.get("message").stringValue()).isEqualTo("down, too");
        assertThat(open.get("settled_at").isNull()).isTrue();
        var settled = client.next();
        assertThat(settled.get("message").stringValue()).isEqualTo("down");
        assertThat(settled.get("settled_at").isNull()).isFalse();
        rig.hub.alert(alert("next"));
        assertThat(client.next().get("message").stringValue()).isEqualTo("next");
    }

    private static Alert alert(String message) {
        return Alert.of(Instant.parse("2026-11-20T02:00:00Z"), "P2", AlertEvent.LIST_FAILED, "", message);
    }

    private void one(String channel, long price) {
        if (channel.equals("books")) {
            rig.book(price);
        } else {
            rig.tick(price);
        }
    }

    private void missed(String channel, GapCause cause) {
        if (channel.equals("books")) {
            rig.hub.booksMissed(StreamRig.SAMSUNG, cause);
        } else {
            rig.hub.tradesMissed(new Symbol("005930"), cause);
        }
    }

    private static String cause(StreamReader client) {
        return client.next().get("gap").get("cause").stringValue();
    }
}
