package kr.kisgateway.simulator.catalog;

/** Reproducible draws: the result depends only on the words that the draw was made from. */
public record SeededDraw(long state) {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    public static SeededDraw of(long seed) {
        return new SeededDraw(mixed(seed + GOLDEN));
    }

    /** Another draw, which depends on {@code text} too. */
    public SeededDraw with(String text) {
        long h = state;
        for (int i = 0; i < text.length(); i++) {
            h = (h ^ text.charAt(i)) * 0x100000001B3L;
        }
        return new SeededDraw(mixed(h ^ text.length()));
    }

    /** Another draw, which depends on {@code number} too. */
    public SeededDraw with(long number) {
        return new SeededDraw(mixed(state ^ mixed(number + GOLDEN)));
    }

    /** A number from 0, below {@code bound}. */
    long below(long bound) {
        return Long.remainderUnsigned(state, bound);
    }

    /** A number from {@code low} to {@code high}, both included. */
    long between(long low, long high) {
        return low + below(high - low + 1);
    }

    /** A number from -1 to 1. */
    double signed() {
        return (state >> 11) * 0x1.0p-52;
    }

    private static long mixed(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
