package kr.kisgateway.terminal;

import java.io.PrintStream;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/**
 * Shows how far a long operation is: on a terminal one line that is replaced, with a bar, the rate and the time left; in a file
 * or pipe a line for each step and each tenth of it.
 *
 * <p>For one thread.
 */
public final class ProgressBar implements AutoCloseable {
    private static final int BAR_COLUMNS = 24;
    private static final String CLEAR_LINE = "\r\u001b[K";

    /** A rate over less time than this says little. */
    private static final Duration RATE_AFTER = Duration.ofMillis(500);

    /** What is counted. */
    public enum Unit {
        COUNT,
        BYTES
    }

    private final PrintStream out;
    private final boolean terminal;
    private final int width;
    private final InstantSource clock;

    private String step = "";
    private Instant began = Instant.EPOCH;
    private long last = Long.MAX_VALUE;
    private long tenthsShown = -1;
    private boolean lineShown;

    /**
     * @param terminal whether {@code out} is one
     * @param width its columns
     */
    public ProgressBar(PrintStream out, boolean terminal, int width, InstantSource clock) {
        this.out = out;
        this.terminal = terminal;
        this.width = width;
        this.clock = clock;
    }

    /**
     * Shows a step with its rate and the time left. They are measured from where counting began: a smaller {@code done} than
     * the last, or 0 of another step, begins again.
     *
     * @param total 0 when unknown
     */
    public void at(String name, long done, long total, Unit unit) {
        Instant now = clock.instant();
        if (done < last || done == 0 && !name.equals(step)) {
            began = now;
            tenthsShown = -1;
        }
        step = name;
        last = done;
        var text = new StringBuilder(name);
        if (done > 0 || total > 0) {
            text.append("  ").append(amount(done, unit));
            if (total > 0) {
                text.append(" of ")
                        .append(amount(total, unit))
                        .append(" (")
                        .append(100 * Math.min(done, total) / total)
                        .append(" %)");
            }
        }
        Duration elapsed = Duration.between(began, now);
        if (done > 0 && elapsed.compareTo(RATE_AFTER) >= 0) {
            double rate = done * 1e9 / elapsed.toNanos();
            text.append(", ").append(amount(Math.round(rate), unit)).append(" a second");
            if (total > done) {
                text.append(", ")
                        .append(remainingTime((long) Math.ceil((total - done) / rate)))
                        .append(" left");
            }
        }
        show(text.toString(), done, total);
    }

    /**
     * Shows a text and the bar.
     *
     * @param total 0 when unknown: no bar
     */
    public void show(String text, long done, long total) {
        if (terminal) {
            String line = (total > 0 ? bar(done, total) + " " : "") + text;
            out.print(CLEAR_LINE + Screen.fitting(Screen.printable(line), width - 1));
            out.flush();
            lineShown = true;
            return;
        }
        long tenths = total > 0 ? 10 * Math.min(done, total) / total : 0;
        if (tenths > tenthsShown || total == 0) {
            tenthsShown = tenths;
            out.println(Screen.printable(text));
        }
    }

    private static String bar(long done, long total) {
        int filled = (int) (BAR_COLUMNS * Math.clamp((double) done / total, 0, 1));
        return "[" + "#".repeat(filled) + " ".repeat(BAR_COLUMNS - filled) + "]";
    }

    private static String amount(long value, Unit unit) {
        var symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
        if (unit == Unit.BYTES) {
            return new DecimalFormat("#,##0.0", symbols).format(value / 1e6) + " MB";
        }
        return new DecimalFormat("#,##0", symbols).format(value);
    }

    /** {@code 1:02:03} or {@code 2:03}. */
    public static String remainingTime(long seconds) {
        String rest = String.format(Locale.ROOT, "%02d", seconds % 60);
        long minutes = seconds / 60;
        return minutes < 60
                ? minutes + ":" + rest
                : minutes / 60 + ":" + String.format(Locale.ROOT, "%02d", minutes % 60) + ":" + rest;
    }

    /** Removes the line, so that what follows begins at the left. */
    @Override
    public void close() {
        if (lineShown) {
            lineShown = false;
            out.print(CLEAR_LINE);
            out.flush();
        }
    }
}
