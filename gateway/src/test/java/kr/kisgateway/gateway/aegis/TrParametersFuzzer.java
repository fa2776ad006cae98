package kr.kisgateway.gateway.aegis;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.error.RefusedException;

/** Any text as a parameter of a TR is a value within its bounds, or is refused; a blank one is none. */
public final class TrParametersFuzzer {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);
    private static final int MAX = 100;
    private static final int PRESET = 30;
    /** The form in which a blank text is refused. */
    private static final int REQUIRED = 4;

    private TrParametersFuzzer() {}

    /** Called by Jazzer; the first byte chooses what the text is read as. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        String text = new String(input, 1, input.length - 1, StandardCharsets.UTF_8);
        int form = input[0] & 7;
        try {
            if (!isWithinBounds(new TrParameters(_ -> Optional.of(text)), form, text.isBlank())) {
                throw new IllegalStateException("out of bounds: " + text);
            }
        } catch (RefusedException refused) {
            if (text.isBlank() && form != REQUIRED) {
                throw new IllegalStateException("a blank one is none", refused);
            }
        }
    }

    private static boolean isWithinBounds(TrParameters parameters, int form, boolean isBlank) {
        return switch (form) {
            case 0 -> {
                int number = parameters.number("count", PRESET, MAX);
                yield number >= 1 && number <= MAX && (!isBlank || number == PRESET);
            }
            case 1 -> {
                var day = parameters.day("from", TODAY);
                yield day.isEmpty() == isBlank
                        && day.filter(it -> it.isAfter(TODAY)).isEmpty();
            }
            case 2 -> parameters.time("at").isEmpty() == isBlank;
            case 3 -> parameters.choice("gubun", "1", Map.of("1", true, "2", true));
            case REQUIRED -> !parameters.required("symbol").isBlank();
            default -> parameters.text("name").isEmpty() == isBlank;
        };
    }
}
