package kr.kisgateway.gateway.kis.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.interruption.NoOpStatusListener;
import kr.kisgateway.gateway.kis.stream.KisFeed;
import kr.kisgateway.gateway.kis.stream.SessionAlerts;
import kr.kisgateway.gateway.meter.BoundMeters;
import kr.kisgateway.gateway.pool.Demand;
import kr.kisgateway.gateway.pool.RegistrationListener;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.VenueSymbol;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.parse.BadFrame;
import kr.kisgateway.wire.parse.FrameListener;
import kr.kisgateway.wire.parse.FrameParser;
import kr.kisgateway.wire.parse.UntypedFrame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Frames of NXT and of both venues through the parser and the feed. Every column has a value of its own, by the positions of
 * KIS's documents (ccnl_nxt, ccnl_total, asking_price_nxt, asking_price_total).
 */
class KisVenueTicksTest {
    private static final Instant NOW = Instant.parse("2026-11-20T02:00:00Z");
    private static final Symbol SAMSUNG = new Symbol("005930");

    private final InstantSource clock = InstantSource.fixed(NOW);
    private final QuoteStore store = new QuoteStore(clock);
    private final KisFeed feed = new KisFeed(
            store,
            new NoRegistrations(),
            new NoOpStatusListener(),
            new SessionAlerts(new AlertLog(_ -> {}), CodeTable.load(), clock),
            clock);
    private final KisListener socket = feed.socketListener(0, "K1");
    private final FrameParser parser = new FrameParser(new Frames(), _ -> Optional.empty());

    @ParameterizedTest
    @CsvSource({
        "H0NXCNT0, NXT,     NXT,     46",
        "H0NXCNT0, NXT,     NXT,     47",
        "H0UNCNT0, UNIFIED, UNIFIED, 46",
        "H0UNCNT0, UNIFIED, UNIFIED, 47",
    })
    void a_trade_is_read_by_its_columns_and_is_none_of_the_stock_itself(
            String trId, PriceSeries series, PushFeed pushedBy, int width) {
        parser.parse("0|" + trId + "|001|" + trade(width));

        var symbol = new VenueSymbol(SAMSUNG, series);
        var last = store.last(symbol).orElseThrow();
        assertThat(last.trade())
                .isEqualTo(new Trade(
                        symbol, 20261120, 110001, 1002, 1012, -1004, 1007, 1008, 1009, 1010, 1011, 1013, 1014, 'S'));
        assertThat(last.feed()).contains(pushedBy);
        assertThat(store.last(SAMSUNG)).isEmpty();
        assertThat(BoundMeters.of(feed::bindTo).value("feed.bad.frames")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "H0NXASP0, NXT,     NXT,     65",
        "H0UNASP0, UNIFIED, UNIFIED, 65",
        "H0UNASP0, UNIFIED, UNIFIED, 66",
    })
    void a_book_is_read_by_its_columns(String trId, PriceSeries series, PushFeed pushedBy, int width) {
        parser.parse("0|" + trId + "|001|" + book(width));

        var last = store.lastBook(new VenueSymbol(SAMSUNG, series)).orElseThrow();
        OrderBook book = last.book();
        assertThat(IntStream.range(0, 10).mapToObj(book::askPrice).toList()).isEqualTo(numbers(3));
        assertThat(IntStream.range(0, 10).mapToObj(book::bidPrice).toList()).isEqualTo(numbers(13));
        assertThat(IntStream.range(0, 10).mapToObj(book::askQty).toList()).isEqualTo(numbers(23));
        assertThat(IntStream.range(0, 10).mapToObj(book::bidQty).toList()).isEqualTo(numbers(33));
        assertThat(book.totalAskQty()).isEqualTo(1043);
        assertThat(book.totalBidQty()).isEqualTo(1044);
        assertThat(book.timeOfDay()).isEqualTo(110001);
        assertThat(last.feed()).contains(pushedBy);
        assertThat(store.lastBook(SAMSUNG)).isEmpty();
    }

    @Test
    void a_record_that_cannot_be_read_does_not_affect_the_next_one() {
        parser.parse("0|H0NXCNT0|002|" + trade(47).replace("^1002^", "^-^") + "^"
                + trade(47).replace("005930", "000660"));

        assertThat(store.last(new VenueSymbol(SAMSUNG, PriceSeries.NXT))).isEmpty();
        assertThat(store.last(new VenueSymbol(new Symbol("000660"), PriceSeries.NXT)))
                .isPresent();
        assertThat(BoundMeters.of(feed::bindTo).value("feed.bad.frames")).isEqualTo(1);
    }

    private static List<Long> numbers(int from) {
        return IntStream.range(from, from + 10).mapToObj(i -> 1000L + i).toList();
    }

    private static String trade(int width) {
        var columns = columns(width);
        columns.set(3, "5");
        columns.set(4, "-1004");
        columns.set(21, "5");
        columns.set(33, "20261120");
        return String.join("^", columns);
    }

    private static String book(int width) {
        return String.join("^", columns(width));
    }

    /** The value of column i is 1000 + i. */
    private static List<String> columns(int width) {
        var columns = IntStream.range(0, width)
                .mapToObj(i -> Integer.toString(1000 + i))
                .collect(Collectors.toCollection(ArrayList::new));
        columns.set(0, "005930");
        columns.set(1, "110001");
        return columns;
    }

    private final class Frames implements FrameListener {
        @Override
        public void trade(Trade trade) {
            socket.trade(trade);
        }

        @Override
        public void book(OrderBook book) {
            socket.book(book);
        }

        @Override
        public void notice(ExecutionNotice notice) {
            socket.notice(notice);
        }

        @Override
        public void rows(UntypedFrame frame) {
            socket.rows(frame);
        }

        @Override
        public void bad(BadFrame frame) {
            socket.badFrames(1, frame.detail());
        }
    }

    private static final class NoRegistrations implements RegistrationListener {
        @Override
        public void acked(Demand demand) {
            // not of interest
        }

        @Override
        public void lost(Demand demand) {
            // not of interest
        }

        @Override
        public void refused(Demand demand) {
            // not of interest
        }
    }
}
