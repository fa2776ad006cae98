package kr.kisgateway.bench.decode;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.CharBuffer;
import java.util.Locale;
import java.util.Optional;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.parse.BadFrame;
import kr.kisgateway.wire.parse.FrameListener;
import kr.kisgateway.wire.parse.FrameParser;
import kr.kisgateway.wire.parse.UntypedFrame;
import kr.kisgateway.wire.print.Layout;

/**
 * {@code DecodeMain trade|book COUNT COLUMNS SECONDS}: the decoder and its floor on frames of {@code COUNT} records, in turns of
 * {@value #SLICE_MILLIS} ms: a neighbour on the same core halves the speed of both for seconds at a time. After the warm-up prints of each
 * pair of turns the records of the decoder and of the floor for a second of processor time, and the bytes that the decoder allocated for
 * a record. The time is that of the decoding thread alone: what the collector does for its objects beside it is not in it.
 */
public final class DecodeMain {
    private static final int SLICE_MILLIS = 20;
    private static final long SECOND = 1_000_000_000;
    private static final int WARMUP_SECONDS = 3;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Sink sink = new Sink();
    private final FrameParser parser = new FrameParser(sink, trId -> Optional.empty());
    private final boolean books;
    private final int count;
    private final CharBuffer[] frames;
    private final long[] longs = new long[BareLoop.BOOK_LONGS];

    private DecodeMain(boolean books, int count, Layout layout) {
        this.books = books;
        this.count = count;
        this.frames = books
                ? new SampleFrames(SampleFrames.BOOKS_SEED, layout).books(count)
                : new SampleFrames(SampleFrames.TRADES_SEED, layout).trades(count);
    }

    /** @param args see the class */
    public static void main(String[] args) {
        var layout = Integer.parseInt(args[2]) == Layout.CLASSIC.trade() ? Layout.CLASSIC : Layout.CURRENT;
        var decode = new DecodeMain(args[0].equals("book"), Integer.parseInt(args[1]), layout);
        decode.run(WARMUP_SECONDS, false);
        decode.run(Integer.parseInt(args[3]), true);
    }

    private void run(int seconds, boolean measured) {
        long end = System.nanoTime() + seconds * SECOND;
        while (System.nanoTime() < end) {
            long allocated = threads.getCurrentThreadAllocatedBytes();
            long before = sink.records;
            double decoded = recordsASecond(this::decode);
            double bytes = (double) (threads.getCurrentThreadAllocatedBytes() - allocated) / (sink.records - before);
            double floor = recordsASecond(this::readBare);
            if (measured) System.out.printf(Locale.ROOT, "%.0f %.0f %.0f%n", decoded, floor, bytes);
        }
    }

    /** @param pass over all frames */
    private double recordsASecond(Runnable pass) {
        long passes = 0;
        long end = System.nanoTime() + SLICE_MILLIS * SECOND / 1_000;
        long cpu = threads.getCurrentThreadCpuTime();
        while (System.nanoTime() < end) {
            pass.run();
            passes++;
        }
        return (double) passes * frames.length * count * SECOND / (threads.getCurrentThreadCpuTime() - cpu);
    }

    private void decode() {
        for (var frame : frames) parser.parse(frame);
    }

    private void readBare() {
        for (var frame : frames) {
            if (books) BareLoop.books(frame.array(), count, longs);
            else BareLoop.trades(frame.array(), count, longs);
        }
        if (longs[0] <= 0) throw new IllegalStateException("the floor has read no symbol");
    }

    /** Keeps every record for a while, as the gateway does. */
    private static final class Sink implements FrameListener {
        private final Object[] kept = new Object[64];
        private long records;

        @Override
        public void trade(Trade trade) {
            keep(trade);
        }

        @Override
        public void book(OrderBook book) {
            keep(book);
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

        private void keep(Object record) {
            kept[(int) (records++ % kept.length)] = record;
        }
    }
}
