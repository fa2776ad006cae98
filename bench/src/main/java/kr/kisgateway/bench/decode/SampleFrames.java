package kr.kisgateway.bench.decode;

import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.print.BookRecord;
import kr.kisgateway.wire.print.FramePrinter;
import kr.kisgateway.wire.print.Layout;
import kr.kisgateway.wire.print.TapeRecord;

/**
 * Frames as KIS sends them today (47 and 60 columns), of 40 symbols at prices from 1,000 to 300,000 won, all distinct:
 * a benchmark that reads one frame repeatedly measures the processor's branch prediction.
 */
public final class SampleFrames {
    /** Number of frames per benchmark; together they stay inside the second-level cache, as the socket's do. */
    static final int FRAMES = 256;

    static final long TRADES_SEED = 7;
    static final long BOOKS_SEED = 8;

    private static final int SYMBOLS = 40;

    private final SplittableRandom random;
    private final FramePrinter printer;

    SampleFrames(long seed, Layout layout) {
        this.random = new SplittableRandom(seed);
        this.printer = new FramePrinter(layout);
    }

    /** The frames of the benchmarks of trades with one trade in each, as texts. */
    public static List<String> tradeTexts(Layout layout) {
        return Stream.of(new SampleFrames(TRADES_SEED, layout).trades(1))
                .map(CharBuffer::toString)
                .toList();
    }

    /** Frames of {@code count} trades each, as the SDK's socket delivers them: a heap buffer of characters. */
    CharBuffer[] trades(int count) {
        var frames = new CharBuffer[FRAMES];
        for (int i = 0; i < FRAMES; i++) {
            List<TapeRecord> records = new ArrayList<>();
            for (int record = 0; record < count; record++) records.add(trade());
            frames[i] = CharBuffer.wrap(printer.trades(records).toCharArray());
        }
        return frames;
    }

    /** Frames of {@code count} order books each. */
    CharBuffer[] books(int count) {
        var frames = new CharBuffer[FRAMES];
        for (int i = 0; i < FRAMES; i++) {
            List<BookRecord> records = new ArrayList<>();
            for (int record = 0; record < count; record++) records.add(book());
            frames[i] = CharBuffer.wrap(printer.books(records).toCharArray());
        }
        return frames;
    }

    private TapeRecord trade() {
        long price = price();
        long tick = price / 500;
        long change = tick * random.nextInt(-9, 10);
        long volume = random.nextLong(10_000, 20_000_000);
        long bought = volume * random.nextInt(30, 70) / 100;
        int time = time();
        var trade = new Trade(
                symbol(),
                20260921,
                time,
                price,
                1 + random.nextLong(500),
                change,
                price - tick,
                price + 5 * tick,
                price - 7 * tick,
                price + tick,
                price,
                volume,
                volume * price,
                random.nextBoolean() ? 'B' : 'S');
        return new TapeRecord(
                trade,
                change > 0 ? '2' : change < 0 ? '5' : '3',
                random.nextLong(30_000),
                random.nextLong(30_000),
                volume - bought,
                bought,
                90_012,
                101_530,
                93_311,
                "20",
                false,
                random.nextLong(50_000),
                random.nextLong(50_000),
                random.nextLong(2_000_000),
                random.nextLong(2_000_000),
                5_919_637_922L,
                17_000_000,
                9_000_000,
                '0',
                price + 9 * tick,
                '2');
    }

    private BookRecord book() {
        long price = price();
        long tick = price / 500;
        var levels = new long[4 * OrderBook.LEVELS];
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            levels[level] = price + (level + 1) * tick;
            levels[OrderBook.LEVELS + level] = price - level * tick;
            levels[2 * OrderBook.LEVELS + level] = 1 + random.nextLong(90_000);
            levels[3 * OrderBook.LEVELS + level] = 1 + random.nextLong(90_000);
        }
        var book = new OrderBook(symbol(), time(), levels, random.nextLong(3_000_000), random.nextLong(3_000_000));
        return BookRecord.continuous(
                book, random.nextLong(20_000_000), random.nextLong(-900, 900), random.nextLong(-900, 900));
    }

    private long price() {
        return 500 * random.nextLong(2, 600);
    }

    private Symbol symbol() {
        return new Symbol(String.format("%06d", 5_930 + 10 * random.nextInt(SYMBOLS)));
    }

    private int time() {
        return 90_000 + 10_000 * random.nextInt(6) + 100 * random.nextInt(60) + random.nextInt(60);
    }
}
