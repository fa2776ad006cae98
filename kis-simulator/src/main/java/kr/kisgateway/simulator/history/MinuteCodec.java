package kr.kisgateway.simulator.history;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.simulator.exchange.Minutes;

/**
 * Minute bars in about 15 bytes each: every number is written as its difference from its predicted value, in as few bytes
 * as that needs.
 */
public final class MinuteCodec {
    private MinuteCodec() {}

    public static byte[] pack(List<Minutes.Bar> bars) {
        var bytes = new ByteArrayOutputStream();
        int minute = 0;
        long close = 0;
        for (Minutes.Bar bar : bars) {
            put(bytes, bar.minute() - minute);
            put(bytes, bar.open() - close);
            put(bytes, bar.high() - bar.open());
            put(bytes, bar.low() - bar.open());
            put(bytes, bar.close() - bar.open());
            put(bytes, bar.volume());
            put(bytes, bar.turnover() - bar.volume() * bar.close());
            minute = bar.minute();
            close = bar.close();
        }
        return bytes.toByteArray();
    }

    /** @throws ArrayIndexOutOfBoundsException when these are not bytes of {@link #pack} */
    public static List<Minutes.Bar> unpack(byte[] bytes) {
        List<Minutes.Bar> bars = new ArrayList<>();
        int[] at = {0};
        int minute = 0;
        long last = 0;
        while (at[0] < bytes.length) {
            minute += (int) next(bytes, at);
            long open = last + next(bytes, at);
            long high = open + next(bytes, at);
            long low = open + next(bytes, at);
            long close = open + next(bytes, at);
            long volume = next(bytes, at);
            bars.add(new Minutes.Bar(minute, open, high, low, close, volume, next(bytes, at) + volume * close));
            last = close;
        }
        return List.copyOf(bars);
    }

    /** Seven bits a byte, the lowest first; the sign is in the lowest bit of all. */
    private static void put(ByteArrayOutputStream bytes, long number) {
        long rest = number << 1 ^ number >> 63;
        while (rest >>> 7 != 0) {
            bytes.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }

    private static long next(byte[] bytes, int[] at) {
        long rest = 0;
        int shift = 0;
        byte read;
        do {
            read = bytes[at[0]++];
            rest |= (long) (read & 0x7F) << shift;
            shift += 7;
        } while (read < 0);
        return rest >>> 1 ^ -(rest & 1);
    }

    /** The same bars; those with trades at the closing price only get the price before them. */
    public static List<Minutes.Bar> withPrices(List<Minutes.Bar> bars, long base) {
        List<Minutes.Bar> priced = new ArrayList<>();
        long price = base;
        for (Minutes.Bar bar : bars) {
            priced.add(
                    bar.open() == 0
                            ? new Minutes.Bar(bar.minute(), price, price, price, price, bar.volume(), bar.turnover())
                            : bar);
            price = priced.getLast().close();
        }
        return priced;
    }
}
