package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The gateway's id of an order: {@code ord_} and 26 characters that sort by creation time (a ULID: 48 bits of
 * milliseconds, 80 random bits, Crockford's base 32).
 */
public record OrderId(String text) {
    private static final Pattern FORM = Pattern.compile("ord_[0-9A-HJKMNP-TV-Z]{26}");
    private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();

    public OrderId {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("not an order id: " + text);
        }
    }

    /** The id parsed from {@code text}, or empty when it is not one. */
    public static Optional<OrderId> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new OrderId(text)) : Optional.empty();
    }

    /** A new id created at {@code now}. */
    public static OrderId create(Instant now, RandomGenerator random) {
        var text = new StringBuilder("ord_");
        long millis = now.toEpochMilli();
        for (int shift = 45; shift >= 0; shift -= 5) {
            text.append(DIGITS[(int) (millis >>> shift) & 31]);
        }
        for (int i = 0; i < 16; i++) {
            text.append(DIGITS[random.nextInt(32)]);
        }
        return new OrderId(text.toString());
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
