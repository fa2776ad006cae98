package kr.kisgateway.simulation;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kr.kisgateway.market.TradingCalendar;

/** The events of a day, one line each, for a reader. Costs nothing while disabled. */
final class Timeline {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS", Locale.ROOT).withZone(TradingCalendar.SEOUL);

    private final boolean enabled;
    private final Consumer<String> lines;

    private Timeline(boolean enabled, Consumer<String> lines) {
        this.enabled = enabled;
        this.lines = lines;
    }

    static Timeline silent() {
        return new Timeline(false, line -> {});
    }

    static Timeline to(Consumer<String> lines) {
        return new Timeline(true, lines);
    }

    void log(Instant at, String who, Supplier<String> what) {
        if (enabled) {
            lines.accept("%s  %-9s %s".formatted(CLOCK.format(at), who, what.get()));
        }
    }
}
