package kr.kisgateway.gateway.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.feed.GapCause;
import kr.kisgateway.gateway.interruption.StockStatus;
import kr.kisgateway.gateway.interruption.StockStatusMonitor.ObservedStatus;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.gateway.stream.Channel;
import kr.kisgateway.gateway.stream.DeliveryMode;
import kr.kisgateway.gateway.stream.SessionSnapshot;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.VenueSymbol;
import org.junit.jupiter.api.Test;

class FeedLineTest {
    private static final Symbol SAMSUNG = Symbol.of("005930");
    private static final List<MarketSymbol> SYMBOLS = List.of(
            SAMSUNG,
            VenueSymbol.of(SAMSUNG, PriceSeries.NXT),
            UsSymbol.parse("AAPL.NASD").orElseThrow());

    private static Optional<MarketSymbol> find(String code) {
        return SYMBOLS.stream().filter(symbol -> symbol.code().equals(code)).findFirst();
    }

    private static <T> T any(Random random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static long number(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> -random.nextInt(1_000_000);
            case 2 -> random.nextLong();
            default -> random.nextInt(1_000_000);
        };
    }

    private static Optional<PushFeed> feed(Random random) {
        return random.nextBoolean() ? Optional.empty() : Optional.of(any(random, List.of(PushFeed.values())));
    }

    private static String words(Random random) {
        return any(random, List.of("", "-", "a b", "한글\n둘째 줄", "\"quoted\" \\ and more", "x".repeat(5_000)));
    }

    private static Optional<String> maybe(Random random) {
        return random.nextBoolean() ? Optional.empty() : Optional.of(words(random));
    }

    static LastTick tick(Random random, MarketSymbol symbol) {
        var trade = new Trade(
                symbol,
                20261127,
                random.nextInt(240_000),
                number(random),
                number(random),
                number(random),
                number(random),
                number(random),
                number(random),
                number(random),
                number(random),
                number(random),
                number(random),
                any(random, List.of('B', 'S', '-')));
        return new LastTick(trade, feed(random), number(random), number(random), number(random));
    }

    private static FeedLine line(Random random) {
        MarketSymbol symbol = any(random, SYMBOLS);
        Channel channel = any(random, List.of(Channel.TRADES, Channel.BOOKS, Channel.BARS_5M));
        return switch (random.nextInt(8)) {
            case 0, 1 -> new FeedLine.Tick(any(random, List.of(FeedLine.Arrival.values())), tick(random, symbol));
            case 2 -> new FeedLine.Gap(channel, symbol, any(random, List.of(GapCause.values())));
            case 3 ->
                new FeedLine.Mode(
                        channel,
                        symbol,
                        random.nextBoolean() ? DeliveryMode.push() : DeliveryMode.poll(random.nextInt(60_000)));
            case 4 ->
                new FeedLine.Status(
                        SAMSUNG,
                        random.nextInt(3) == 0
                                ? Optional.empty()
                                : Optional.of(new ObservedStatus(
                                        new StockStatus(
                                                SAMSUNG,
                                                random.nextBoolean(),
                                                random.nextBoolean(),
                                                any(random, List.of(Designation.values())),
                                                any(random, List.of("", "110", "1 2"))),
                                        Instant.ofEpochMilli(random.nextInt()))));
            case 5 ->
                new FeedLine.Session(new SessionSnapshot("ACTIVE", random.nextBoolean(), maybe(random), "REGULAR"));
            case 6 ->
                new FeedLine.Raised(new Alert(
                        Instant.ofEpochMilli(random.nextInt()),
                        any(random, List.of("P1", "P2", "P3")),
                        any(random, List.of(AlertEvent.values())),
                        words(random),
                        words(random),
                        maybe(random),
                        maybe(random),
                        random.nextBoolean() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(random.nextInt()))));
            default -> random.nextBoolean() ? new FeedLine.NewOrders() : new FeedLine.Overflow();
        };
    }

    @Test
    void a_line_that_was_written_is_read_as_the_same() {
        for (long seed = 0; seed < 20_000; seed++) {
            var line = line(new Random(seed));
            String text = line.text();
            assertThat(text).as("seed %d", seed).doesNotContain("\n");
            assertThat(FeedLine.read(text, FeedLineTest::find))
                    .as("seed %d", seed)
                    .contains(line);
        }
    }

    @Test
    void a_book_has_every_level_at_its_place() {
        long[] levels = new long[4 * OrderBook.LEVELS];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = 1_000 + i;
        }
        var book = new OrderBook(SAMSUNG, 93_000, levels, 7, 8);
        String text = new FeedLine.Book(new LastBook(book, Optional.of(PushFeed.DOMESTIC), 5)).text();
        assertThat(FeedLine.read(text, FeedLineTest::find)).hasValueSatisfying(read -> {
            var last = ((FeedLine.Book) read).last();
            assertThat(last.feed()).contains(PushFeed.DOMESTIC);
            assertThat(last.atMs()).isEqualTo(5);
            assertThat(last.book().timeOfDay()).isEqualTo(93_000);
            assertThat(last.book().totalAskQty()).isEqualTo(7);
            assertThat(last.book().totalBidQty()).isEqualTo(8);
            var found = new ArrayList<Long>();
            for (int level = 0; level < OrderBook.LEVELS; level++)
                found.add(last.book().askPrice(level));
            for (int level = 0; level < OrderBook.LEVELS; level++)
                found.add(last.book().bidPrice(level));
            for (int level = 0; level < OrderBook.LEVELS; level++)
                found.add(last.book().askQty(level));
            for (int level = 0; level < OrderBook.LEVELS; level++)
                found.add(last.book().bidQty(level));
            for (int i = 0; i < levels.length; i++) assertThat(found.get(i)).isEqualTo(1_000 + i);
        });
    }

    @Test
    void lines_about_symbols_without_a_subscriber_and_of_a_newer_release_are_left_out() {
        var line = new FeedLine.Tick(FeedLine.Arrival.PUSHED, tick(new Random(1), SAMSUNG));
        assertThat(FeedLine.read(line.text(), _ -> Optional.empty())).isEmpty();
        assertThat(FeedLine.read("Q something new", FeedLineTest::find)).isEmpty();
    }

    @Test
    void a_request_names_channel_symbol_and_venue() {
        for (MarketSymbol symbol : SYMBOLS) {
            var request = new FeedRequest(symbol == SAMSUNG, Channel.BOOKS, symbol);
            FeedSymbols symbols = (code, venue) -> Result.success(VenueSymbol.of(
                    SYMBOLS.stream()
                            .filter(it -> it.code().equals(code))
                            .findFirst()
                            .orElseThrow(),
                    venue.map(PriceSeries::valueOf).orElse(PriceSeries.MAIN)));
            assertThat(FeedRequest.read(request.text(), symbols)).contains(request);
            for (String bad :
                    List.of("", "S", "S BOOKS 005930", "X BOOKS 005930 -", "S ORDERS 005930 -", "S NEW 005930 -")) {
                assertThat(FeedRequest.read(bad, symbols)).as(bad).isEmpty();
            }
        }
    }
}
