package kr.kisgateway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.feed.GapCause;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

class StreamHubTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final StreamSettings SETTINGS = new StreamSettings(2, 3, 4, 8, 64 * 1024, Duration.ofMillis(500));

    private final ManualClock clock = new ManualClock("2026-11-20T02:00:00Z");
    private final QuoteStore store = new QuoteStore(clock);
    private final KisSlots kis = new KisSlots(2);
    private final List<OpenOrders.OpenOrder> open = new CopyOnWriteArrayList<>();
    private volatile boolean keyValid = true;
    private final StreamHub hub = new StreamHub(
            SETTINGS,
            kis,
            store,
            Lookups.shipped(),
            new StreamSources(
                    () -> List.copyOf(open),
                    new EmptyOrderReplay(),
                    () -> new SessionSnapshot("IDLE", false, Optional.empty(), "REGULAR"),
                    (_, _, _) -> Optional.empty(),
                    name -> keyValid),
            () -> "trace",
            clock);

    @Test
    @Requirement("A-15")
    void a_client_with_a_revoked_key_receives_nothing_more_and_others_continue() {
        var bot = new StreamReader(
                hub,
                new Caller("bot", Role.TRADE, Optional.empty(), Optional.empty(), Optional.empty(), false, "first"));
        var rotated = new StreamReader(
                hub,
                new Caller("bot", Role.TRADE, Optional.empty(), Optional.empty(), Optional.empty(), false, "second"));
        var other = subscribed("trades");
        bot.next();
        bot.submit("{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\"005930\"]}");
        assertThat(bot.next().get("op").stringValue()).isEqualTo("ack");

        hub.disconnectKey("bot", "another");
        hub.disconnectKey("bot", "first");
        assertThat(bot.closedWith()).isEqualTo(4001);
        tick(70_000);
        assertThat(other.next().get("p").longValue()).isEqualTo(70_000);
        assertThat(bot.pendingFrames()).isEmpty();
        assertThat(rotated.next().get("op").stringValue())
                .as("another secret of the same key")
                .isEqualTo("hello");
        assertThat(hub.clients())
                .as("the rotated secret's stream closed, no other")
                .isEqualTo(2);

        keyValid = false;
        var late = new StreamReader(hub, new Caller("late", Role.TRADE, Optional.empty(), Optional.empty()));
        assertThat(late.closedWith())
                .as("a key that was revoked between authentication and stream")
                .isEqualTo(4001);
    }

    @Test
    void a_client_receives_a_greeting_an_ack_and_the_last_value_in_that_order() {
        tick(71_000);
        var client = new Client();
        assertThat(client.next().get("op").stringValue()).isEqualTo("hello");

        client.submit("{\"op\":\"subscribe\",\"channels\":[\"quotes\"],\"symbols\":[\"005930\"],\"id\":\"7\"}");

        var ack = client.next();
        assertThat(ack.get("op").stringValue()).isEqualTo("ack");
        assertThat(ack.get("id").stringValue()).isEqualTo("7");
        var snapshot = client.next();
        assertThat(snapshot.get("snapshot").booleanValue()).isTrue();
        assertThat(snapshot.get("p").longValue()).isEqualTo(71_000);
        tick(71_100);
        var live = client.next();
        assertThat(live.get("p").longValue()).isEqualTo(71_100);
        assertThat(live.get("seq").longValue()).isEqualTo(snapshot.get("seq").longValue() + 1);
    }

    @Test
    void a_slow_reader_receives_the_newest_quote_and_the_count_of_missed_ones() {
        var client = subscribed("quotes");
        client.stall();
        tick(70_000);
        client.awaitStalled();
        for (var i = 1; i <= 10; i++) {
            tick(70_000 + 100 * i);
        }
        client.resume();

        assertThat(client.next().get("p").longValue()).isEqualTo(70_000);
        var newest = client.next();
        assertThat(newest.get("p").longValue()).isEqualTo(71_000);
        assertThat(newest.get("conflated").longValue()).isEqualTo(9);
        assertThat(newest.get("seq").longValue()).isEqualTo(11);
        assertThat(hub.counters().conflated.sum()).isEqualTo(9);
    }

    @Test
    void the_tape_marks_the_trades_a_full_mailbox_dropped() {
        var client = subscribed("trades");
        client.stall();
        tick(70_000);
        client.awaitStalled();
        for (var i = 1; i <= 10; i++) {
            tick(70_000 + 100 * i);
        }
        client.resume();

        var expected = 1L;
        var gaps = 0;
        while (expected <= 11) {
            var message = client.next();
            if (message.has("gap")) {
                assertThat(message.get("gap").get("from").longValue()).isEqualTo(expected);
                assertThat(message.get("gap").get("cause").stringValue()).isEqualTo("SLOW_CONSUMER");
                expected = message.get("gap").get("to").longValue() + 1;
                gaps++;
            } else {
                assertThat(message.get("seq").longValue()).isEqualTo(expected);
                expected++;
            }
        }
        assertThat(gaps).isEqualTo(1);
        tick(80_000);
        assertThat(client.next().get("seq").longValue()).isEqualTo(12);
    }

    @Test
    void a_client_too_slow_for_executions_is_closed_without_affecting_others() {
        var slow = subscribed("executions");
        var quick = subscribed("executions");
        slow.stall();
        for (var seq = 1; seq <= 20; seq++) {
            {
                var n = seq;
                hub.execution("A1", "005930", "bot", n, () -> OrderMessages.execution("A1", n, "E" + n));
            }
            var got = quick.next();
            assertThat(got.get("seq").longValue()).isEqualTo(seq);
            assertThat(got.get("account_id").stringValue()).isEqualTo("A1");
        }
        slow.resume();

        assertThat(slow.closedWith()).isEqualTo(4008);
        assertThat(hub.counters().slowClosed.sum()).isEqualTo(1);
        assertThat(hub.clients()).isEqualTo(1);
    }

    @Test
    void a_client_that_stops_reading_is_dropped_after_the_write_limit() {
        var client = subscribed("quotes");
        client.stall();
        tick(70_000);

        assertThat(client.awaitAborted()).isTrue();
        assertThat(hub.counters().writeTimeouts.sum()).isEqualTo(1);
        assertThat(kis.registered).isEmpty();
    }

    @Test
    void registrations_are_counted_and_released_by_the_last_user() {
        var first = subscribed("quotes");
        var second = subscribed("trades");
        assertThat(kis.registered).containsExactly("TRADES 005930");

        first.submit("{\"op\":\"unsubscribe\",\"channels\":[\"quotes\"],\"symbols\":[\"005930\"]}");
        assertThat(first.next().get("op").stringValue()).isEqualTo("ack");
        assertThat(kis.registered).hasSize(1);
        second.listener.closed();
        assertThat(kis.registered).isEmpty();
    }

    @Test
    @Requirement("A-04")
    void a_symbol_without_a_registration_is_polled_and_the_ack_names_it_and_its_interval() {
        var client = new Client();
        client.next();
        client.submit("{\"op\":\"subscribe\",\"channels\":[\"quotes\",\"books\"],\"symbols\":[\"005930\",\"000660\"],"
                + "\"id\":\"1\"}");

        var ack = client.next();
        assertThat(ack.get("op").stringValue()).isEqualTo("ack");
        assertThat(ack.get("mode").stringValue()).isEqualTo("mixed");
        assertThat(ack.get("interval_ms").longValue()).isEqualTo(1_500);
        assertThat(ack.get("polled")).hasSize(2);
        assertThat(ack.get("polled").get(0).toString())
                .isEqualTo("{\"s\":\"005930\",\"ch\":\"books\",\"interval_ms\":1500}");

        client.submit("{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\"000270\"]}");
        assertThat(client.next().get("mode").stringValue()).isEqualTo("poll");
    }

    @Test
    @Requirement("A-04")
    void a_polled_price_is_a_quote_and_no_trade() {
        var quotes = subscribed("quotes");
        var trades = subscribed("trades");
        hub.polled(store.putPolled(new Trade(
                SAMSUNG, 0, 0, 70_000, 0, 100, 69_000, 71_000, 68_000, 70_000, 69_900, 1_000, 70_000_000, '-')));
        assertThat(quotes.next().get("p").longValue()).isEqualTo(70_000);
        tick(70_100);

        assertThat(quotes.next().get("p").longValue()).isEqualTo(70_100);
        assertThat(trades.next().get("p").longValue()).isEqualTo(70_100);
        var late = new Client();
        late.next();
        store.putPolled(new Trade(new Symbol("000660"), 0, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, '-'));
        late.submit("{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\"000660\"],\"id\":\"t\"}");
        assertThat(late.next().get("id").stringValue()).isEqualTo("t");
        hub.trade(store.putTrade(trade(new Symbol("000660"), 800_000), PushFeed.DOMESTIC));
        assertThat(late.next().get("p").longValue()).isEqualTo(800_000);
    }

    @Test
    @Requirement("A-04")
    void subscribers_are_notified_when_the_delivery_mode_of_their_symbol_changes() {
        var quotes = subscribed("quotes");
        var books = subscribed("books");
        hub.deliveryChanged(Channel.QUOTES, SAMSUNG, DeliveryMode.poll(2_000));
        hub.deliveryChanged(Channel.QUOTES, SAMSUNG, DeliveryMode.push());
        hub.deliveryChanged(Channel.BOOKS, new Symbol("000660"), DeliveryMode.push());
        hub.book(pushed(new OrderBook(SAMSUNG, 90_000, new long[40], 0, 0)));

        assertThat(quotes.nextRaw())
                .isEqualTo(
                        "{\"op\":\"mode\",\"ch\":\"quotes\",\"s\":\"005930\",\"mode\":\"poll\",\"interval_ms\":2000}");
        assertThat(quotes.nextRaw())
                .isEqualTo("{\"op\":\"mode\",\"ch\":\"quotes\",\"s\":\"005930\",\"mode\":\"push\"}");
        assertThat(books.next().get("ch").stringValue()).isEqualTo("books");
    }

    @Test
    void an_invalid_request_is_answered_with_a_code_and_changes_nothing() {
        var client = new Client();
        client.next();
        assertThat(client.errorFor("{")).isEqualTo("MALFORMED_JSON");
        assertThat(client.errorFor("[]")).isEqualTo("MALFORMED_JSON");
        assertThat(client.errorFor("{\"op\":\"dance\",\"channels\":[]}")).isEqualTo("INVALID_FIELD");
        assertThat(client.errorFor("{\"op\":\"subscribe\"}")).isEqualTo("MISSING_FIELD");
        assertThat(client.errorFor("{\"op\":\"subscribe\",\"channels\":[\"quotes\"]}"))
                .isEqualTo("MISSING_FIELD");
        assertThat(client.errorFor("{\"op\":\"subscribe\",\"channels\":[\"bars:7m\"],\"symbols\":[\"005930\"]}"))
                .isEqualTo("INVALID_FIELD");
        assertThat(client.errorFor("{\"op\":\"subscribe\",\"channels\":[\"quotes\"],\"symbols\":[\"x\"]}"))
                .isEqualTo("INVALID_SYMBOL");
        assertThat(client.errorFor("{\"op\":\"subscribe\",\"channels\":[\"quotes\"],\"symbols\":[\"ZZZZZZ\"]}"))
                .isEqualTo("SYMBOL_NOT_FOUND");
        assertThat(client.errorFor("{\"op\":\"subscribe\",\"channels\":[\"quotes\"],\"symbols\":[\"005930\"],\"x\":1}"))
                .isEqualTo("UNKNOWN_FIELD");
        assertThat(kis.registered).isEmpty();
    }

    @Test
    void open_orders_come_first_and_then_every_change() {
        open.add(new OpenOrders.OpenOrder("A1", "005930", "bot", 41, OrderMessages.order("A1", 41, "O1", true)));
        var client = subscribed("orders");

        var snapshot = client.next();
        assertThat(snapshot.get("snapshot").booleanValue()).isTrue();
        assertThat(snapshot.get("order_id").stringValue()).isEqualTo("O1");
        assertThat(snapshot.get("seq").longValue()).isEqualTo(41);
        hub.order("A1", "005930", "bot", 42, () -> OrderMessages.order("A1", 42, "O1", false));
        var change = client.nextRaw();
        assertThat(change).containsOnlyOnce("\"seq\":42").containsOnlyOnce("\"account_id\"");
    }

    @Test
    @Requirement(value = "I-01", clause = "marked")
    void an_upstream_gap_is_published_on_the_tape() {
        var client = subscribed("trades");
        hub.tradesMissed(SAMSUNG, GapCause.RECONNECT);

        var message = client.next();
        assertThat(message.get("gap").get("cause").stringValue()).isEqualTo("RECONNECT");
        tick(70_000);
        assertThat(client.next().get("seq").longValue())
                .isEqualTo(message.get("gap").get("to").longValue() + 1);
    }

    @Test
    void books_contain_only_existing_levels() {
        var client = subscribed("books");
        var levels = new long[40];
        levels[0] = 71_100;
        levels[10] = 71_000;
        levels[20] = 5;
        levels[30] = 7;
        hub.book(pushed(new OrderBook(SAMSUNG, 93_005, levels, 5, 7)));

        var book = client.next();
        assertThat(book.get("asks").toString()).isEqualTo("[[71100,5]]");
        assertThat(book.get("bids").toString()).isEqualTo("[[71000,7]]");
        assertThat(book.get("time").stringValue()).isEqualTo("093005");
    }

    @Test
    void a_client_beyond_the_limit_is_refused() {
        new Client();
        new Client();

        assertThat(hub.refusalFor(Caller.local(Role.QUOTE))).isPresent();
    }

    private Client subscribed(String channel) {
        var client = new Client();
        client.next();
        client.submit("{\"op\":\"subscribe\",\"channels\":[\"" + channel + "\"],\"symbols\":[\"005930\"]}");
        assertThat(client.next().get("op").stringValue()).isEqualTo("ack");
        return client;
    }

    private void tick(long price) {
        hub.trade(store.putTrade(trade(SAMSUNG, price), PushFeed.DOMESTIC));
    }

    private static Trade trade(Symbol symbol, long price) {
        return new Trade(
                symbol, 20261120, 110000, price, 10, 0, price, price, price, price + 100, price - 100, 1, price, 'B');
    }

    /** KIS with a few free registration slots. */
    private static final class KisSlots implements MarketDataSupply {
        private final int max;
        private final List<String> listeners = new ArrayList<>();
        private final Set<String> registered = new HashSet<>();

        KisSlots(int max) {
            this.max = max;
        }

        @Override
        public synchronized DeliveryMode acquire(Channel channel, MarketSymbol symbol, Optional<String> key) {
            var what = what(channel, symbol);
            listeners.add(what);
            return registered.contains(what) || registered.size() < max && registered.add(what)
                    ? DeliveryMode.push()
                    : DeliveryMode.poll(1_500);
        }

        @Override
        public synchronized void release(Channel channel, MarketSymbol symbol, Optional<String> key) {
            var what = what(channel, symbol);
            listeners.remove(what);
            if (!listeners.contains(what)) {
                registered.remove(what);
            }
        }

        private static String what(Channel channel, MarketSymbol symbol) {
            return (channel == Channel.BOOKS ? "BOOKS " : "TRADES ") + symbol;
        }
    }

    private final class Client extends StreamReader {
        Client() {
            super(hub, Caller.local(Role.TRADE));
        }
    }

    private LastBook pushed(OrderBook book) {
        return new LastBook(book, Optional.of(PushFeed.DOMESTIC), clock.millis());
    }
}
