package kr.kisgateway.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say what kind of order it is and where it goes. */
final class FormOptions {
    @Option(
            names = "--type",
            paramLabel = "TYPE",
            converter = KnownWord.Type.class,
            description = "LIMIT, MARKET, BEST, … (by the price)")
    private Optional<String> type = Optional.empty();

    @Option(
            names = "--session",
            paramLabel = "SESSION",
            converter = KnownWord.Session.class,
            description = "REGULAR, PRE_OPEN, AFTER_HOURS, … (REGULAR)")
    private Optional<String> session = Optional.empty();

    @Option(
            names = "--time-in-force",
            paramLabel = "TIF",
            converter = KnownWord.Validity.class,
            description = "DAY, IOC or FOK (DAY)")
    private Optional<String> timeInForce = Optional.empty();

    @Option(
            names = "--venue",
            paramLabel = "VENUE",
            description = "KRX, NXT, SOR, or AUTO: the gateway chooses (KRX); of a US stock its exchange")
    private Optional<String> venue = Optional.empty();

    @Option(names = "--strategy", paramLabel = "NAME", description = "the order's strategy_id")
    private Optional<String> strategy = Optional.empty();

    Optional<String> type() {
        return type;
    }

    Optional<String> session() {
        return session;
    }

    Optional<String> timeInForce() {
        return timeInForce;
    }

    Optional<String> venue() {
        return venue;
    }

    Optional<String> strategy() {
        return strategy;
    }
}
