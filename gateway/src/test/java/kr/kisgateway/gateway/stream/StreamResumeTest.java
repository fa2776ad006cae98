package kr.kisgateway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

/** Resuming orders and executions, and the permissions to subscribe. */
class StreamResumeTest {
    private static final StreamSettings SETTINGS =
            new StreamSettings(20, 3, 64, 128, 64 * 1024, Duration.ofMillis(500));

    private final ManualClock clock = new ManualClock("2026-11-20T02:00:00Z");
    private final FakeOrderReplay replay = new FakeOrderReplay();
    private final StreamHub hub = new StreamHub(
            SETTINGS,
            StreamRig.EVERYTHING_PUSHED,
            new QuoteStore(clock),
            Lookups.shipped(),
            new StreamSources(
                    List::of,
                    replay,
                    () -> new SessionSnapshot("ACTIVE", true, Optional.empty(), "REGULAR"),
                    (_, _, _) -> Optional.empty(),
                    _ -> true),
            () -> "trace",
            clock);

    @Test
    @Requirement("P-13")
    void missed_messages_are_replayed_in_order_before_live_ones() {
        replay.record(1, 40);
        var client = listening("orders", "executions");
        client.submit("{\"op\":\"resume\",\"account_id\":\"A1\",\"from_seq\":11,\"id\":\"r\"}");

        assertThat(client.next().get("op").stringValue()).isEqualTo("ack");
        for (var seq = 11L; seq <= 40; seq++) {
            assertThat(describeNext(client)).isEqualTo("executions " + seq);
            assertThat(describeNext(client)).isEqualTo("orders " + seq);
        }
        var done = client.next();
        assertThat(done.get("op").stringValue()).isEqualTo("resumed");
        assertThat(done.get("id").stringValue()).isEqualTo("r");
        assertThat(done.get("to_seq").longValue()).isEqualTo(40);
        live(41);
        assertThat(describeNext(client)).isEqualTo("executions 41");
        assertThat(describeNext(client)).isEqualTo("orders 41");
    }

    @Test
    @Requirement("P-13")
    void messages_during_the_replay_are_published_once_and_after_it() {
        replay.record(1, 40);
        // While the second page is read, the live stream publishes one event that this page has already, and one that
        // no page has.
        replay.duringPage(17, () -> {
            replay.record(41, 41);
            live(41);
            live(42);
        });
        var client = listening("orders", "executions");
        client.submit("{\"op\":\"resume\",\"account_id\":\"A1\",\"from_seq\":1}");

        client.next();
        var received = new ArrayList<String>();
        for (var i = 0; i < 2 * 42 + 1; i++) {
            received.add(describeNext(client));
        }
        received.remove("resumed 41");
        var expected = new ArrayList<String>();
        for (var seq = 1; seq <= 42; seq++) {
            expected.add("executions " + seq);
            expected.add("orders " + seq);
        }
        assertThat(received).isEqualTo(expected);
    }

    @Test
    @Requirement("P-13")
    void messages_journaled_before_their_publication_are_not_published_twice() {
        replay.record(1, 5);
        var client = listening("executions");
        client.submit("{\"op\":\"resume\",\"account_id\":\"A1\",\"from_seq\":5}");
        client.next();
        assertThat(describeNext(client)).isEqualTo("executions 5");
        assertThat(describeNext(client)).isEqualTo("resumed 5");

        live(5);
        live(6);
        assertThat(describeNext(client)).isEqualTo("executions 6");
    }

    @Test
    @Requirement("P-13")
    void messages_published_before_the_resume_are_not_repeated() {
        replay.record(1, 20);
        var client = listening("executions");
        live(18);
        replay.record(21, 21);
        assertThat(describeNext(client)).isEqualTo("executions 18");
        client.submit("{\"op\":\"resume\",\"account_id\":\"A1\",\"from_seq\":16}");

        client.next();
        assertThat(describeNext(client)).isEqualTo("executions 16");
        assertThat(describeNext(client)).isEqualTo("executions 17");
        assertThat(describeNext(client)).isEqualTo("resumed 17");
        live(19);
        assertThat(describeNext(client)).isEqualTo("executions 19");
    }

    @Test
    void an_impossible_resume_is_refused_with_a_code_and_the_stream_continues() {
        replay.record(1, 5);
        var client = listening("orders");
        assertThat(client.errorFor("{\"op\":\"resume\",\"account_id\":\"A1\",\"from_seq\":900}"))
                .isEqualTo("CURSOR_UNKNOWN");
        assertThat(client.errorFor("{\"op\":\"resume\",\"account_id\":\"B9\",\"from_seq\":1}"))
                .isEqualTo("ACCOUNT_NOT_FOUND");
        assertThat(client.errorFor("{\"op\":\"resume\",\"account_id\":\"A1\",\"from_seq\":-1}"))
                .isEqualTo("INVALID_FIELD");
        assertThat(client.errorFor("{\"op\":\"resume\",\"account_id\":\"A1\"}")).isEqualTo("MISSING_FIELD");
        assertThat(client.errorFor("{\"op\":\"resume\",\"account_id\":\"A1\",\"from_seq\":1,\"channels\":[]}"))
                .isEqualTo("UNKNOWN_FIELD");
        live(6);
        assertThat(describeNext(client)).isEqualTo("orders 6");
        var otherAccountClient = new StreamReader(hub, Caller.local(Role.TRADE));
        otherAccountClient.next();
        assertThat(otherAccountClient.errorFor("{\"op\":\"resume\",\"account_id\":\"A1\",\"from_seq\":1}"))
                .isEqualTo("INVALID_FIELD");
    }

    @Test
    @Requirement(value = "A-15", clause = "scope")
    void a_key_receives_only_what_its_role_accounts_and_symbols_allow() {
        var quotes = reader(new Caller("q", Role.QUOTE, Optional.empty(), Optional.of(Set.of("005930"))));
        assertThat(quotes.errorFor("{\"op\":\"subscribe\",\"channels\":[\"orders\"]}"))
                .isEqualTo("FORBIDDEN");
        assertThat(quotes.errorFor("{\"op\":\"subscribe\",\"channels\":[\"quotes\",\"executions\"],"
                        + "\"symbols\":[\"005930\"]}"))
                .isEqualTo("FORBIDDEN");
        assertThat(quotes.errorFor("{\"op\":\"resume\",\"account_id\":\"A1\",\"from_seq\":0}"))
                .isEqualTo("FORBIDDEN");
        assertThat(quotes.errorFor("{\"op\":\"subscribe\",\"channels\":[\"alerts\"]}"))
                .isEqualTo("FORBIDDEN");
        assertThat(quotes.errorFor("{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\"000660\"]}"))
                .isEqualTo("FORBIDDEN");
        quotes.submit("{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\"005930\"]}");
        assertThat(quotes.next().get("op").stringValue()).isEqualTo("ack");

        var other = reader(new Caller("t", Role.TRADE, Optional.of(Set.of("A2")), Optional.empty()));
        assertThat(other.errorFor("{\"op\":\"subscribe\",\"channels\":[\"alerts\"]}"))
                .isEqualTo("FORBIDDEN");
        assertThat(other.errorFor("{\"op\":\"resume\",\"account_id\":\"A1\",\"from_seq\":0}"))
                .isEqualTo("FORBIDDEN");
        other.submit("{\"op\":\"subscribe\",\"channels\":[\"executions\"]}");
        other.next();
        live(1);
        hub.execution("A2", "005930", "bot", 7, () -> OrderMessages.execution("A2", 7, "E7"));
        assertThat(other.next().get("account_id").stringValue()).isEqualTo("A2");

        var operator = reader(new Caller("o", Role.OPERATOR, Optional.empty(), Optional.empty()));
        operator.submit("{\"op\":\"subscribe\",\"channels\":[\"alerts\"]}");
        assertThat(operator.next().get("op").stringValue()).isEqualTo("ack");
    }

    private StreamReader listening(String... channels) {
        var client = reader(Caller.local(Role.TRADE));
        client.submit("{\"op\":\"subscribe\",\"channels\":[\"" + String.join("\",\"", channels) + "\"]}");
        assertThat(client.next().get("op").stringValue()).isEqualTo("ack");
        return client;
    }

    private StreamReader reader(Caller caller) {
        var client = new StreamReader(hub, caller);
        client.next();
        return client;
    }

    private void live(long seq) {
        hub.execution("A1", "005930", "bot", seq, () -> OrderMessages.execution("A1", seq, "E" + seq));
        hub.order("A1", "005930", "bot", seq, () -> OrderMessages.order("A1", seq, "O" + seq, false));
    }

    private static String describeNext(StreamReader client) {
        var message = client.next();
        return message.has("op")
                ? message.get("op").stringValue() + " " + message.get("to_seq")
                : message.get("ch").stringValue() + " " + message.get("seq");
    }

    /** A journal in which each event is a fill and a change of an order. */
    private static final class FakeOrderReplay implements OrderReplay {
        @Override
        public Map<String, Long> cursors() {
            return Map.of();
        }

        private static final int PAGE = 16;

        private final List<Long> events = new CopyOnWriteArrayList<>();
        private long interruptedAt;
        private Runnable pageAction = () -> {};

        void record(long from, long to) {
            for (var seq = from; seq <= to; seq++) {
                events.add(seq);
            }
        }

        void duringPage(long from, Runnable something) {
            interruptedAt = from;
            pageAction = something;
        }

        @Override
        public boolean hasAccount(String accountId) {
            return accountId.startsWith("A");
        }

        @Override
        public Page readPage(String accountId, long from, boolean first) {
            if (first && from > events.size() + 1) {
                throw new RefusedException(Refusal.of(ErrorCode.CURSOR_UNKNOWN, "Unknown cursor."));
            }
            if (from == interruptedAt) {
                pageAction.run();
            }
            var page = events.stream().filter(seq -> seq >= from).limit(PAGE).toList();
            var replayed = new ArrayList<ReplayedEvent>();
            for (var seq : page) {
                replayed.add(new ReplayedEvent(
                        Channel.EXECUTIONS, "005930", "bot", seq, OrderMessages.execution(accountId, seq, "E" + seq)));
                replayed.add(new ReplayedEvent(
                        Channel.ORDERS, "005930", "bot", seq, OrderMessages.order(accountId, seq, "O" + seq, false)));
            }
            return new Page(replayed, page.isEmpty() ? from : page.getLast() + 1, page.size() < PAGE);
        }
    }
}
