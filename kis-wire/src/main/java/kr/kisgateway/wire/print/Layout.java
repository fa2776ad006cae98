package kr.kisgateway.wire.print;

/**
 * How many columns the records have. KIS has widened them twice, and live sockets have been seen with widths that no
 * list shows, so a server can be told which to speak.
 *
 * @param trade 46 before 2026-09-14, 47 since
 * @param book 59 before 2026-09-14, 60 since; 62 on some live sockets
 * @param notice 23 before 2025, 26 since
 */
public record Layout(int trade, int book, int notice) {
    /** What programs written before the additions expect. */
    public static final Layout CLASSIC = new Layout(46, 59, 26);

    /** What KIS sends since 2026-09-14. */
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
}
