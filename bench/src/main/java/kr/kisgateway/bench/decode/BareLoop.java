package kr.kisgateway.bench.decode;

/**
 * The minimum work for a frame's numbers: one pass over its characters that leaves {@value #TRADE_LONGS} longs of a
 * trade, {@value #BOOK_LONGS} of a book. It allocates no object, checks nothing and would misread any bad frame.
 */
final class BareLoop {
    static final int TRADE_LONGS = 13;
    static final int BOOK_LONGS = 43;
    private static final int HEADER = "0|H0STCNT0|001|".length();

    private BareLoop() {}

    /** Reads {@code count} trades; the longs are those of the last. */
    static void trades(char[] a, int count, long[] out) {
        int end = a.length;
        int i = HEADER;
        for (int record = 0; record < count; record++) {
            i = number(a, i, end, out, 0); // symbol
            i = number(a, i, end, out, 1); // time
            i = number(a, i, end, out, 2); // price
            i = skip(a, i, end, 1);
            i = signed(a, i, end, out, 3); // change
            i = skip(a, i, end, 2);
            i = number(a, i, end, out, 4); // open
            i = number(a, i, end, out, 5); // high
            i = number(a, i, end, out, 6); // low
            i = number(a, i, end, out, 7); // ask
            i = number(a, i, end, out, 8); // bid
            i = number(a, i, end, out, 9); // quantity
            i = number(a, i, end, out, 10); // volume
            i = number(a, i, end, out, 11); // turnover
            i = skip(a, i, end, 18);
            i = number(a, i, end, out, 12); // date
            i = skip(a, i, end, 13);
        }
    }

    /** Reads {@code count} books; the longs are those of the last. */
    static void books(char[] a, int count, long[] out) {
        int end = a.length;
        int i = HEADER;
        for (int record = 0; record < count; record++) {
            i = number(a, i, end, out, 0); // symbol
            i = skip(a, i, end, 2);
            for (int field = 1; field < BOOK_LONGS; field++) i = number(a, i, end, out, field);
            i = skip(a, i, end, 15);
        }
    }

    private static int number(char[] a, int from, int end, long[] out, int slot) {
        long value = 0;
        int i = from;
        for (; i < end && a[i] != '^'; i++) value = value * 10 + a[i] - '0';
        out[slot] = value;
        return i + 1;
    }

    private static int signed(char[] a, int from, int end, long[] out, int slot) {
        if (a[from] != '-') return number(a, from, end, out, slot);
        int next = number(a, from + 1, end, out, slot);
        out[slot] = -out[slot];
        return next;
    }

    private static int skip(char[] a, int from, int end, int fields) {
        int i = from;
        for (int left = fields; left > 0 && i < end; i++) {
            if (a[i] == '^') left--;
        }
        return i;
    }
}
