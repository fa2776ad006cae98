package kr.kisgateway.wire.print;

/**
 * The number of columns of the records. KIS has widened them twice, and live sockets send widths that no
 * list documents, so a server can be configured.
 *
 * @param trade 46 before 2026-09-14, 47 since
 * @param book 59 before 2026-09-14, 60 since; 62 on some live sockets
 * @param notice 23 before 2025, 26 since
 */
public record Layout(int trade, int book, int notice) {
    /** The layout expected by programs written before the additions. */
    public static final Layout CLASSIC = new Layout(46, 59, 26);

    /** KIS's layout since 2026-09-14. */
    public static final Layout CURRENT = new Layout(47, 60, 26);

    public Layout {
        if (trade != 46 && trade != 47) {
            throw new IllegalArgumentException("no layout of trades has " + trade + " columns");
        }
        if (book != 59 && book != 60 && book != 62) {
            throw new IllegalArgumentException("no layout of books has " + book + " columns");
        }
        if (notice != 23 && notice != 26) {
            throw new IllegalArgumentException("no layout of notices has " + notice + " columns");
        }
    }

    /**
     * The columns of a notice of an overseas order: 25, or 21 as KIS's older sample and programs of that time have them.
     */
    public int overseasNotice() {
        return notice == 23 ? 21 : 25;
    }
}
