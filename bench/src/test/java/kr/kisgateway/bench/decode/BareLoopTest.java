package kr.kisgateway.bench.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.parse.BadFrame;
import kr.kisgateway.wire.parse.FrameListener;
import kr.kisgateway.wire.parse.FrameParser;
import kr.kisgateway.wire.parse.UntypedFrame;
import kr.kisgateway.wire.print.Layout;
import org.junit.jupiter.api.Test;

/** A floor that read other values than the parser would make the ratio meaningless. */
class BareLoopTest {
    private final List<Trade> trades = new ArrayList<>();
    private final List<OrderBook> books = new ArrayList<>();
    private final FrameParser parser = new FrameParser(new Collector(), trId -> Optional.empty());

    @Test
    void the_floor_reads_the_same_figures_of_a_trade_as_the_parser() {
        var longs = new long[BareLoop.BOOK_LONGS];
        for (int count : new int[] {1, 4}) {
            for (var frame : new SampleFrames(7, Layout.CURRENT).trades(count)) {
                trades.clear();
                parser.parse(frame);
                BareLoop.trades(frame.array(), count, longs);

                assertThat(trades).hasSize(count);
                var t = trades.getLast();
                assertThat(longs)
                        .startsWith(
                                Long.parseLong(t.symbol().code()),
                                t.timeOfDay(),
                                t.price(),
                                t.change(),
                                t.open(),
                                t.high(),
                                t.low(),
                                t.ask(),
                                t.bid(),
                                t.qty(),
                                t.volume(),
                                t.turnover(),
                                t.businessDate());
            }
        }
    }

    @Test
    void the_floor_reads_the_same_figures_of_a_book_as_the_parser() {
        var longs = new long[BareLoop.BOOK_LONGS];
        for (int count : new int[] {1, 4}) {
            for (var frame : new SampleFrames(8, Layout.CURRENT).books(count)) {
                books.clear();
                parser.parse(frame);
                BareLoop.books(frame.array(), count, longs);

                assertThat(books).hasSize(count);
                var b = books.getLast();
                assertThat(LongStream.of(longs).skip(1).limit(OrderBook.LEVELS))
                        .containsExactlyElementsOf(LongStream.range(0, OrderBook.LEVELS)
                                .map(level -> b.askPrice((int) level))
                                .boxed()
                                .toList());
                assertThat(longs[41]).isEqualTo(b.totalAskQty());
                assertThat(longs[42]).isEqualTo(b.totalBidQty());
            }
        }
    }

    private final class Collector implements FrameListener {
        @Override
        public void trade(Trade trade) {
            trades.add(trade);
        }

        @Override
        public void book(OrderBook book) {
            books.add(book);
        }

        @Override
        public void notice(ExecutionNotice notice) {
            throw new AssertionError(notice);
        }

        @Override
        public void rows(UntypedFrame frame) {
            throw new AssertionError(frame);
        }

        @Override
        public void bad(BadFrame bad) {
            throw new AssertionError(bad);
        }
    }
}
