package kr.kisgateway.gateway.stream;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.bar.MinuteSource;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.json.Dollars;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.UsSymbol;

/** A hub for which KIS has registration slots for everything, and invented trades. */
final class StreamRig {
    static final MarketDataSupply EVERYTHING_PUSHED = new MarketDataSupply() {
        @Override
        public DeliveryMode acquire(Channel channel, MarketSymbol symbol, Optional<String> key) {
            return DeliveryMode.push();
        }

        @Override
        public void release(Channel channel, MarketSymbol symbol, Optional<String> key) {
            // slots are unlimited
        }
    };

    static final Symbol SAMSUNG = new Symbol("005930");
    static final UsSymbol APPLE = UsSymbol.parse("AAPL.NASD").orElseThrow();

    final ManualClock clock = new ManualClock("2026-11-20T02:00:00Z");
    final QuoteStore store = new QuoteStore(clock);
    final StreamHub hub;
    volatile SessionSnapshot session = new SessionSnapshot("ACTIVE", true, Optional.empty(), "REGULAR");
    volatile MinuteSource minutes = (_, _, _) -> Optional.empty();
    volatile int time = 110000;
    private long volume;

    StreamRig(StreamSettings settings) {
        this(settings, new EmptyOrderReplay());
    }

    StreamRig(StreamSettings settings, OrderReplay replay) {
        hub = new StreamHub(
                settings,
                EVERYTHING_PUSHED,
                store,
                Lookups.shipped(),
                new StreamSources(
                        List::of,
                        replay,
                        () -> session,
                        (symbol, from, to) -> minutes.minutes(symbol, from, to),
                        _ -> true),
                () -> "trace",
                clock);
    }

    void tick(long price) {
        tick(SAMSUNG, price);
    }

    void tick(Symbol symbol, long price) {
        volume += 10;
        hub.trade(store.putTrade(
                new Trade(
                        symbol,
                        20261120,
                        time,
                        price,
                        10,
                        0,
                        price,
                        price,
                        price,
                        price + 100,
                        price - 100,
                        volume,
                        price,
                        'B'),
                PushFeed.DOMESTIC));
    }

    /** A trade of AAPL at a time in New York, pushed now. */
    void tick(String price, int date, int timeOfDay, long qty, long dayVolume, PushFeed feed) {
        var units = Dollars.units(new BigDecimal(price));
        var tick = store.putTrade(
                new Trade(APPLE, date, timeOfDay, units, qty, 0, 0, 0, 0, 0, 0, dayVolume, 0, '-'), feed);
        hub.trade(tick);
    }

    /** Trades shares in a message that never arrives. */
    void lose(long qty) {
        volume += qty;
    }

    void book(long ask) {
        var levels = new long[40];
        levels[0] = ask;
        levels[20] = 5;
        hub.book(new LastBook(
                new OrderBook(SAMSUNG, 110000, levels, 5, 0), Optional.of(PushFeed.DOMESTIC), clock.millis()));
    }

    StreamReader reader(Role role) {
        var client = new StreamReader(hub, Caller.local(role));
        client.next();
        return client;
    }

    /** An acknowledged subscription; {@code channels} without their quotes, comma-separated. */
    StreamReader listening(String... channels) {
        return listening(SAMSUNG, channels);
    }

    StreamReader listening(MarketSymbol symbol, String... channels) {
        var client = reader(Role.ADMIN);
        client.submit("{\"op\":\"subscribe\",\"channels\":[\"" + String.join("\",\"", channels) + "\"],\"symbols\":[\""
                + symbol.code() + "\"]}");
        if (!client.next().get("op").stringValue().equals("ack")) {
            throw new AssertionError("not subscribed");
        }
        return client;
    }
}
