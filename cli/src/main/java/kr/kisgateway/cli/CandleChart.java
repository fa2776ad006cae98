package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Candles as text: a column for each bar, a scale of prices at the right, and the volumes below. */
final class CandleChart {
    private static final String VOLUMES = " ▁▂▃▄▅▆▇█";
    /** A blank, and up to 9,999,999,999 of volume. */
    private static final int SCALE_WIDTH = 14;
    /** Lines between two prices of the scale. */
    private static final int SCALE_STEP = 4;

    private static final String RED = "\033[31m";
    private static final String BLUE = "\033[34m";
    private static final String PLAIN = "\033[0m";

    private CandleChart() {}

    /** @param begins its day, of minutes with the time of the day, as {@code 2026-11-20 10:31} */
    record Candle(String begins, BigDecimal open, BigDecimal high, BigDecimal low, BigDecimal close, long volume) {
        boolean rises() {
            return close.compareTo(open) >= 0;
        }
    }

    /** The bars that fit a terminal. */
    static int barsIn(int width) {
        return Math.max(1, Math.min(1000, width - SCALE_WIDTH));
    }

    /**
     * @param candles oldest first, at least one
     * @param height lines of prices
     * @param colours red up, blue down, as in Korea; without them a body that rises is light: {@code ░}
     */
    static List<String> lines(List<Candle> candles, int height, boolean colours) {
        var top = candles.stream().map(Candle::high).reduce(BigDecimal::max).orElseThrow();
        var bottom = candles.stream().map(Candle::low).reduce(BigDecimal::min).orElseThrow();
        var range = top.subtract(bottom).max(BigDecimal.ONE.movePointLeft(4));
        var lines = new ArrayList<String>();
        for (int line = 0; line < height; line++) {
            var text = new StringBuilder();
            for (var candle : candles) {
                text.append(cell(candle, line, top, range, height, colours));
            }
            lines.add(text.append(scale(line, height, top, range)).toString().stripTrailing());
        }
        lines.add(volumes(candles, colours));
        lines.add(axis(candles));
        return lines;
    }

    private static String cell(Candle candle, int line, BigDecimal top, BigDecimal range, int height, boolean colours) {
        int high = row(candle.high(), top, range, height);
        int low = row(candle.low(), top, range, height);
        if (line < high || line > low) {
            return " ";
        }
        int bodyTop = row(candle.open().max(candle.close()), top, range, height);
        int bodyBottom = row(candle.open().min(candle.close()), top, range, height);
        String mark = line < bodyTop || line > bodyBottom ? "│" : candle.rises() && !colours ? "░" : "█";
        return coloured(mark, candle, colours);
    }

    private static String coloured(String mark, Candle candle, boolean colours) {
        return colours ? (candle.rises() ? RED : BLUE) + mark + PLAIN : mark;
    }

    /** The line of a price: 0 for the highest. */
    private static int row(BigDecimal price, BigDecimal top, BigDecimal range, int height) {
        return top.subtract(price)
                .multiply(BigDecimal.valueOf(height - 1L))
                .divide(range, 0, RoundingMode.HALF_UP)
                .intValueExact();
    }

    private static String scale(int line, int height, BigDecimal top, BigDecimal range) {
        if (line % SCALE_STEP != 0 && line != height - 1) {
            return "";
        }
        var price = top.subtract(range.multiply(BigDecimal.valueOf(line))
                .divide(BigDecimal.valueOf(height - 1L), Math.max(top.scale(), 0), RoundingMode.HALF_UP));
        return " " + Format.value(price);
    }

    private static String volumes(List<Candle> candles, boolean colours) {
        long most = Math.max(1, candles.stream().mapToLong(Candle::volume).max().orElse(1));
        var text = new StringBuilder();
        for (var candle : candles) {
            int level = (int) Math.ceilDiv(candle.volume() * (VOLUMES.length() - 1), most);
            text.append(coloured(VOLUMES.substring(level, level + 1), candle, colours));
        }
        return text.append(" ").append(Format.value(most)).toString();
    }

    /** The first and the last bar's beginning, where both fit. */
    private static String axis(List<Candle> candles) {
        String first = candles.getFirst().begins();
        String last = candles.getLast().begins();
        int gap = candles.size() - first.length() - last.length();
        return gap < 1 ? last : first + " ".repeat(gap) + last;
    }
}
