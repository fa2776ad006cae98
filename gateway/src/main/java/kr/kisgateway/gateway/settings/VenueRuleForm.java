package kr.kisgateway.gateway.settings;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.gateway.venue.VenueRule;

/** The form of a rule in {@code ORDER_VENUE_RULES}. */
final class VenueRuleForm {
    static final String USAGE =
            "halted, refused:CODE+CODE* (KIS's codes), slow:MILLISECONDS, volume:SHARES, price:BASIS_POINTS";

    private static final Pattern FORM = Pattern.compile("([a-z]+)(?::(\\S+))?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern CODE = Pattern.compile("[A-Z0-9]{1,20}\\*?");
    private static final int MARGIN_MAX = 1_000;

    private VenueRuleForm() {}

    /** The rule; empty where the text is none. */
    static Optional<VenueRule> parse(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        Optional<String> value = Optional.ofNullable(form.group(2));
        return switch (form.group(1)) {
            case "halted" -> value.isEmpty() ? Optional.of(new VenueRule.Halted()) : Optional.empty();
            case "refused" -> value.flatMap(VenueRuleForm::refused);
            case "slow" -> number(value).map(millis -> new VenueRule.Slow(Duration.ofMillis(millis)));
            case "volume" -> number(value).map(VenueRule.Volume::new);
            case "price" ->
                number(value)
                        .filter(points -> points <= MARGIN_MAX)
                        .map(points -> new VenueRule.Price(points.intValue()));
            default -> Optional.empty();
        };
    }

    private static Optional<VenueRule> refused(String text) {
        List<String> codes = List.of(text.toUpperCase(Locale.ROOT).split("\\+", -1));
        return codes.stream().allMatch(code -> CODE.matcher(code).matches())
                ? Optional.of(new VenueRule.Refused(codes))
                : Optional.empty();
    }

    private static Optional<Long> number(Optional<String> text) {
        return text.filter(it -> NUMBER.matcher(it).matches()).map(Long::valueOf);
    }
}
