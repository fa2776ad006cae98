package kr.kisgateway.gateway.access;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How many records of a realtime TR a frame has: KIS may send several, and many programs read the first alone. */
public enum FaceRecords {
    /** One in each frame. */
    SINGLE,
    /** As many as KIS sends. */
    BATCHED;

    /** From this day on KIS's frames are wider; programs of before are those that read one record. */
    public static final LocalDate WIDENED_ON = LocalDate.of(2026, 9, 14);

    /** That of a key whose operator decided nothing, by the name of its layout. */
    static FaceRecords byLayout(String layout) {
        return switch (layout) {
            case "classic", "samples" -> SINGLE;
            case "current" -> BATCHED;
            default -> LocalDate.parse(layout).isBefore(WIDENED_ON) ? SINGLE : BATCHED;
        };
    }

    /** The constant of a name in the API; empty for another word. */
    static Optional<FaceRecords> of(String name) {
        return Arrays.stream(values()).filter(it -> it.wireName().equals(name)).findFirst();
    }

    /** The names in the API. */
    static List<String> wireNames() {
        return Arrays.stream(values()).map(FaceRecords::wireName).toList();
    }

    /** The name in the API. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
