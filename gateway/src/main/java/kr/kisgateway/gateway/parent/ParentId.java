package kr.kisgateway.gateway.parent;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.random.RandomGenerator;
import kr.kisgateway.gateway.order.Ulid;

/** The id of a parent order: {@code par_} and a {@link Ulid}. */
public record ParentId(String text) {
    static final String PREFIX = "par_";

    /** A Ulid begins with the time of its creation. */
    static final Comparator<ParentId> OLDEST_FIRST = Comparator.comparing(ParentId::text);

    public ParentId {
        if (!Ulid.isValid(PREFIX, text)) {
            throw new IllegalArgumentException("not the id of a parent order: " + text);
        }
    }

    /** The id parsed from {@code text}, or empty when it is not one. */
    public static Optional<ParentId> parse(String text) {
        return Ulid.isValid(PREFIX, text) ? Optional.of(new ParentId(text)) : Optional.empty();
    }

    /** A new id created at {@code now}. */
    public static ParentId create(Instant now, RandomGenerator random) {
        return new ParentId(Ulid.create(PREFIX, now, random));
    }

    @Override
    public String toString() {
        return text;
    }
}
