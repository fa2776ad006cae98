package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The gateway's id of an order: {@code ord_} and a {@link Ulid}.
 */
public record OrderId(String text) {
    private static final String PREFIX = "ord_";

    public OrderId {
        if (!Ulid.isValid(PREFIX, text)) {
            throw new IllegalArgumentException("not an order id: " + text);
        }
    }

    /** The id parsed from {@code text}, or empty when it is not one. */
    public static Optional<OrderId> parse(String text) {
        return Ulid.isValid(PREFIX, text) ? Optional.of(new OrderId(text)) : Optional.empty();
    }

    /** A new id created at {@code now}. */
    public static OrderId create(Instant now, RandomGenerator random) {
        return new OrderId(Ulid.create(PREFIX, now, random));
    }

    /**
     * The id of an order that the broker lists and the gateway did not place: the same number gets the same id, so that
     * adopting it twice is impossible.
     */
    static OrderId forAdopted(Instant at, String account, LocalDate day, long odno) {
        long seed = 31L * (31L * account.hashCode() + day.toEpochDay()) + odno;
        return create(at, new SplittableRandom(seed));
    }

    @Override
    public String toString() {
        return text;
    }
}
