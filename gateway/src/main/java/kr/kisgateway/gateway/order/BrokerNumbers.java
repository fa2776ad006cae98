package kr.kisgateway.gateway.order;

import java.time.LocalDate;
import java.util.Optional;

/**
 * Broker numbers of orders. The broker starts them again on each date of Seoul. A Korean trading day has one such date, so its
 * numbers are the broker's own; a US trading day has two, so there a number contains its date.
 */
public final class BrokerNumbers {
    /** Larger than any number of the broker. */
    private static final long NUMBERS_A_DATE = 10_000_000_000L;

    private BrokerNumbers() {}

    /** The broker's number {@code odno} of {@code date}, a number of its own. */
    public static long dated(LocalDate date, long odno) {
        return date.toEpochDay() * NUMBERS_A_DATE + odno;
    }

    /** The same number of the date before; one without a date is itself. */
    static long dayBefore(long number) {
        return number < NUMBERS_A_DATE ? number : number - NUMBERS_A_DATE;
    }

    /** The date of a number that contains it. */
    public static Optional<LocalDate> date(long number) {
        return number < NUMBERS_A_DATE ? Optional.empty() : Optional.of(LocalDate.ofEpochDay(number / NUMBERS_A_DATE));
    }

    /** The number as the broker writes it. */
    public static long plain(long number) {
        return number % NUMBERS_A_DATE;
    }
}
