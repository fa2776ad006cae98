package kr.kisgateway.bench.decode;

import java.nio.CharBuffer;
import java.util.Optional;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.parse.BadFrame;
import kr.kisgateway.wire.parse.FrameListener;
import kr.kisgateway.wire.parse.FrameParser;
import kr.kisgateway.wire.parse.UntypedFrame;
import kr.kisgateway.wire.print.Layout;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The decoder's benchmarks; one operation is one frame of {@link #count} records. Public because JMH's code calls it.
 */
@State(Scope.Thread)
public class DecodeState {
    /** Records in a frame: KIS sends one in a calm market, several in a busy one. */
    @Param({"1", "4"})
    public int count = 1;

    /** Columns of a trade: as KIS sends them today, or as programs of earlier years know them. */
    @Param({"47", "46"})
    public int columns = Layout.CURRENT.trade();

    private final long[] longs = new long[BareLoop.BOOK_LONGS];
    private final Sink sink = new Sink();
    private final FrameParser parser = new FrameParser(sink, trId -> Optional.empty());
    private CharBuffer[] trades = new CharBuffer[0];
    private CharBuffer[] books = new CharBuffer[0];
    private int next;

    /** Makes the frames. */
    @org.openjdk.jmh.annotations.Setup
    public void make() {
        var layout = columns == Layout.CLASSIC.trade() ? Layout.CLASSIC : Layout.CURRENT;
        trades = new SampleFrames(SampleFrames.TRADES_SEED, layout).trades(count);
        books = new SampleFrames(8, layout).books(count);
    }

    @Benchmark
    public void trade(Blackhole hole) {
        sink.hole = hole;
        parser.parse(nextFrame(trades));
    }

    @Benchmark
    public void book(Blackhole hole) {
        sink.hole = hole;
        parser.parse(nextFrame(books));
    }

    @Benchmark
    public long[] tradeFloor() {
        BareLoop.trades(nextFrame(trades).array(), count, longs);
        return longs;
    }

    @Benchmark
    public long[] bookFloor() {
        BareLoop.books(nextFrame(books).array(), count, longs);
        return longs;
    }

    private CharBuffer nextFrame(CharBuffer[] frames) {
        return frames[next++ & SampleFrames.FRAMES - 1];
    }

    /** Receives every record as the gateway would: as a long-lived object. */
    private static final class Sink implements FrameListener {
        private @org.jspecify.annotations.Nullable Blackhole hole;

        @Override
        public void trade(Trade trade) {
            consume(trade);
        }

        @Override
        public void book(OrderBook book) {
            consume(book);
        }

        @Override
        public void notice(ExecutionNotice notice) {
            throw new IllegalStateException("no notice among the samples");
        }

        @Override
        public void rows(UntypedFrame frame) {
            throw new IllegalStateException("no other frame among the samples");
        }

        @Override
        public void bad(BadFrame bad) {
            throw new IllegalStateException("a sample cannot be read: " + bad);
        }

        private void consume(Object record) {
            var into = hole;
            if (into != null) into.consume(record);
        }
    }
}
