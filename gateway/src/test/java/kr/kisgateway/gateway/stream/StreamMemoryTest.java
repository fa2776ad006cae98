package kr.kisgateway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.feed.GapCause;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.market.Symbol;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All clients together have a bound, and those that do not read lose messages first. */
@Tag("slow")
class StreamMemoryTest {
    private static final long BOUND = 400_000;
    private static final StreamSettings SETTINGS = new StreamSettings(
                    100, 1_000, 2_000, 4_000, 2_048, Duration.ofSeconds(20), 100_000, 800_000, 50)
            .withMemory(BOUND);
    private static final String LARGE = "x".repeat(2_000);

    private final StreamRig rig = new StreamRig(SETTINGS);

    @Test
    void a_message_queued_for_many_clients_counts_once_and_is_released_with_the_last() {
        var stalledClients = stalledReaders("trades", 50);
        rig.tick(69_900);
        stalledClients.forEach(StreamReader::awaitStalled);
        for (var i = 0; i < 100; i++) {
            rig.tick(70_000 + i);
        }
        // An entry for each in every mailbox, the frames in flight, and the messages.
        assertThat(rig.hub.memory().retainedBytes()).isBetween(100L * 130, 100L * 200 + 50 * (100 * 8 + 1_024));
        stalledClients.forEach(stalledClient -> stalledClient.listener.closed());
        assertThat(rig.hub.memory().retainedBytes()).isLessThan(1_024);
    }

    @Test
    void many_clients_that_never_read_trades_stay_under_the_bound_with_gaps_and_a_reading_one_receives_every_trade() {
        var stalledClients = new ArrayList<StreamReader>();
        for (var i = 0; i < 200; i++) {
            // Each with its own symbol, so that nothing is shared.
            stalledClients.add(stalledReaders("trades", symbol(i)));
        }
        var otherClient = rig.listening("trades");
        var last = rig.store.last(StreamRig.SAMSUNG).map(_ -> 1L).orElse(0L);
        for (var i = 1; i <= 600; i++) {
            for (var of = 0; of < 40; of++) {
                rig.tick(symbol(of), 70_000 + i);
            }
            rig.tick(70_000 + i);
            var trade = otherClient.next();
            assertThat(trade.has("gap")).isFalse();
            assertThat(trade.get("seq").longValue()).isEqualTo(last + i);
            assertThat(rig.hub.memory().retainedBytes()).isLessThan(BOUND);
        }
        assertThat(rig.hub.memory().retainedBytes())
                .as("the allowed memory is used")
                .isGreaterThan(BOUND / 2);
        assertThat(rig.hub.memory().evictedClients())
                .as("no client had to be closed")
                .isZero();
        var resumed = stalledClients.getFirst();
        resumed.resume();
        var gap = resumed.next();
        while (!gap.has("gap")) {
            gap = resumed.next();
        }
        assertThat(gap.get("gap").get("cause").stringValue()).isEqualTo("SLOW_CONSUMER");
        assertThat(gap.get("gap").get("to").longValue()).isEqualTo(601);
    }

    @Test
    void undroppable_messages_close_the_fullest_stalled_clients_first_and_readers_lose_nothing() {
        var readers = List.of(rig.listening("executions"), rig.listening("executions"));
        var small = rig.listening("orders");
        var stalledClients = stalledReaders("executions", 10);
        var published = 0;
        for (; published < 5; published++) {
            publish(published);
            readers.forEach(StreamReader::next);
        }
        rig.clock.advance(Duration.ofSeconds(2));
        while (rig.hub.memory().evictedClients() == 0) {
            publish(published++);
            readers.forEach(StreamReader::next);
            assertThat(published).isLessThan(200);
        }
        assertThat(rig.hub.memory().retainedBytes()).isLessThan(BOUND);
        var closedBefore = rig.hub.memory().evictedClients();
        assertThat(closedBefore).as("no more than it takes").isLessThan(6);
        until(() -> rig.hub.clients() == 13 - closedBefore);
        assertThat(rig.hub.counters().writeTimeouts.sum()).isZero();

        while (rig.hub.memory().evictedClients() < 10) {
            assertThat(published).isLessThan(1_000);
            publish(published++);
            for (var reader : readers) {
                assertThat(reader.next().get("seq").longValue()).isEqualTo(published);
            }
            assertThat(rig.hub.memory().retainedBytes()).isLessThan(BOUND);
        }
        until(() -> rig.hub.clients() == 3);
        small.submit("{\"op\":\"dance\"}");
        assertThat(small.next().get("op").stringValue()).isEqualTo("error");
        assertThat(stalledClients).allMatch(StreamReader::awaitAborted);
    }

    @Test
    void without_a_stalled_client_the_largest_is_closed_with_4008() {
        var rest = stalledReaders("executions", 3);
        var largest = stalledReaders("trades", symbol(1));
        largest.submit("{\"op\":\"subscribe\",\"channels\":[\"executions\"]}");
        for (var i = 0; i < 200; i++) {
            rig.tick(symbol(1), 70_000 + i);
        }
        // No time passes: they may still be reading.
        for (var i = 0; rig.hub.memory().evictedClients() == 0; i++) {
            publish(i);
            assertThat(i).isLessThan(200);
        }
        assertThat(rig.hub.memory().evictedClients()).isEqualTo(1);
        largest.resume();
        assertThat(largest.closedWith()).isEqualTo(4008);
        assertThat(rig.hub.clients()).isEqualTo(3);
        rest.forEach(StreamReader::resume);
    }

    @Test
    void no_memory_stays_counted_after_clients_leave() {
        for (var seed = 1; seed <= 30; seed++) {
            var random = new Random(seed);
            var hub = new StreamRig(SETTINGS);
            var readers = new ArrayList<StreamReader>();
            var stalled = new ArrayList<StreamReader>();
            for (var step = 0; step < 400; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> readers.add(hub.listening("trades", "quotes", "books", "executions"));
                    case 1 -> {
                        if (readers.size() > stalled.size()) {
                            var reader = readers.get(stalled.size());
                            reader.stall();
                            stalled.add(reader);
                        }
                    }
                    case 2 -> {
                        if (!readers.isEmpty() && readers.size() > stalled.size()) {
                            var departed = readers.removeLast();
                            departed.listener.closed();
                        }
                    }
                    case 3 -> {
                        if (!readers.isEmpty()) {
                            readers.getLast()
                                    .submit(
                                            "{\"op\":\"unsubscribe\",\"channels\":[\"quotes\"],\"symbols\":[\"005930\"]}");
                        }
                    }
                    case 4 -> hub.hub.tradesMissed(StreamRig.SAMSUNG, GapCause.SILENCE);
                    case 5 -> hub.clock.advance(Duration.ofMillis(700));
                    case 6 -> {
                        var seq = step + 1L;
                        hub.hub.execution("A1", "005930", "bot", seq, () -> OrderMessages.execution("A1", seq, LARGE));
                    }
                    case 7 -> hub.book(70_000 + step);
                    default -> hub.tick(70_000 + step);
                }
            }
            var left = readers.stream().map(reader -> reader.listener).toList();
            left.forEach(kr.kisgateway.gateway.http.SocketHandler.SocketListener::closed);
            until(() -> hub.hub.clients() == 0);
            assertThat(hub.hub.memory().retainedBytes()).as("seed %d", seed).isZero();
            stalled.forEach(StreamReader::resume);
        }
    }

    @Test
    void channels_of_symbols_have_a_total_limit_and_one_per_key_and_are_released() {
        var few = new StreamRig(SETTINGS.withSubscriptions(50));
        var bot = new StreamReader(few.hub, new Caller("bot", Role.TRADE, Optional.empty(), Optional.empty()));
        bot.next();
        subscribe(bot, 0, 10);
        assertThat(bot.next().get("op").stringValue()).isEqualTo("ack");
        assertThat(subscribed(bot, 10, 1)).as("a key may use a fifth").isEqualTo("QUOTA_EXCEEDED");
        var second = new StreamReader(few.hub, new Caller("bot", Role.TRADE, Optional.empty(), Optional.empty()));
        second.next();
        assertThat(subscribed(second, 20, 1)).as("on any connection").isEqualTo("QUOTA_EXCEEDED");
        bot.submit("{\"op\":\"unsubscribe\",\"channels\":[\"trades\"],\"symbols\":[\"" + Lookups.korean(0) + "\"]}");
        bot.next();
        subscribe(second, 20, 1);
        assertThat(second.next().get("op").stringValue()).isEqualTo("ack");

        var local = few.reader(Role.TRADE);
        subscribe(local, 100, 40);
        assertThat(local.next().get("op").stringValue()).isEqualTo("ack");
        assertThat(subscribed(local, 200, 1)).isEqualTo("QUOTA_EXCEEDED");
        bot.listener.closed();
        subscribe(local, 200, 9);
        assertThat(local.next().get("op").stringValue()).isEqualTo("ack");
    }

    private static void subscribe(StreamReader client, int from, int count) {
        var symbols = new ArrayList<String>();
        for (var i = from; i < from + count; i++) {
            symbols.add("\"" + Lookups.korean(i) + "\"");
        }
        client.submit(
                "{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[" + String.join(",", symbols) + "]}");
    }

    private static String subscribed(StreamReader client, int from, int count) {
        subscribe(client, from, count);
        return client.next().get("error").get("code").stringValue();
    }

    private void publish(int number) {
        rig.hub.execution("A1", "005930", "bot", number + 1L, () -> OrderMessages.execution("A1", number + 1L, LARGE));
    }

    private static Symbol symbol(int number) {
        return Lookups.korean(number);
    }

    /** Clients that have read one message and nothing more. */
    private List<StreamReader> stalledReaders(String channel, int count) {
        var all = new ArrayList<StreamReader>();
        for (var i = 0; i < count; i++) {
            var stalledClient = rig.listening(channel);
            stalledClient.stall();
            all.add(stalledClient);
        }
        return all;
    }

    private StreamReader stalledReaders(String channel, Symbol symbol) {
        var stalledClient = rig.reader(Role.ADMIN);
        stalledClient.submit(
                "{\"op\":\"subscribe\",\"channels\":[\"" + channel + "\"],\"symbols\":[\"" + symbol + "\"]}");
        stalledClient.next();
        stalledClient.stall();
        rig.tick(symbol, 70_000);
        stalledClient.awaitStalled();
        return stalledClient;
    }

    private static void until(BooleanSupplier condition) {
        for (var i = 0; i < 2_000 && !condition.getAsBoolean(); i++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(condition.getAsBoolean()).as("in time").isTrue();
    }
}
