package kr.kisgateway.gateway.settings;

import java.time.LocalTime;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import kr.kisgateway.gateway.settings.Settings.WarmType;
import kr.kisgateway.market.Symbol;

/** Reads {@code GATEWAY_WARM_…}. */
final class WarmSettings {
    /** Half an hour before the opening: the auction begins, and nothing trades that could make a price old. */
    private static final LocalTime AT = LocalTime.of(8, 30);

    private static final int TOP = 100;
    private static final int SYMBOLS_MAX = 4_000;
    private static final Pattern TIME = Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d");

    private final List<String> problems;

    WarmSettings(List<String> problems) {
        this.problems = problems;
    }

    /** @param sim whether the simulator is the market: then nothing is fetched by itself unless a time is set */
    Settings.Warm read(Function<SettingName, Optional<String>> texts, boolean sim) {
        return new Settings.Warm(
                at(texts.apply(SettingName.GATEWAY_WARM_AT), sim),
                symbols(texts.apply(SettingName.GATEWAY_WARM_SYMBOLS)),
                top(texts.apply(SettingName.GATEWAY_WARM_TOP)),
                types(texts.apply(SettingName.GATEWAY_WARM_TYPES)));
    }

    private Optional<LocalTime> at(Optional<String> text, boolean sim) {
        if (text.isEmpty()) {
            return sim ? Optional.empty() : Optional.of(AT);
        }
        if (text.get().equalsIgnoreCase("off")) {
            return Optional.empty();
        }
        if (TIME.matcher(text.get()).matches()) {
            return text.map(LocalTime::parse);
        }
        problems.add("GATEWAY_WARM_AT must be a time of the day in Seoul, as 08:30, or off.");
        return Optional.empty();
    }

    private List<Symbol> symbols(Optional<String> text) {
        var symbols = new LinkedHashSet<Symbol>();
        for (String code : words(text)) {
            Symbol.parse(code)
                    .ifPresentOrElse(
                            symbols::add,
                            () -> problems.add("GATEWAY_WARM_SYMBOLS: \"" + code + "\" is not a six-character code."));
        }
        if (symbols.size() > SYMBOLS_MAX) {
            problems.add("GATEWAY_WARM_SYMBOLS has " + symbols.size() + " symbols; at most " + SYMBOLS_MAX
                    + " are fetched at once.");
        }
        return List.copyOf(symbols);
    }

    private int top(Optional<String> text) {
        if (text.isEmpty()) {
            return TOP;
        }
        if (text.get().matches("[1-9]\\d{0,3}") && Integer.parseInt(text.get()) <= SYMBOLS_MAX) {
            return Integer.parseInt(text.get());
        }
        problems.add("GATEWAY_WARM_TOP must be a whole number from 1 to " + SYMBOLS_MAX + ".");
        return TOP;
    }

    private Set<WarmType> types(Optional<String> text) {
        var types = EnumSet.noneOf(WarmType.class);
        for (String word : words(text)) {
            WarmType.of(word.toLowerCase(Locale.ROOT))
                    .ifPresentOrElse(
                            types::add,
                            () -> problems.add(
                                    "GATEWAY_WARM_TYPES: \"" + word + "\" is none of " + WarmType.words() + "."));
        }
        return types.isEmpty() ? EnumSet.allOf(WarmType.class) : types;
    }

    private static List<String> words(Optional<String> text) {
        return text.map(it -> List.of(it.split(",")).stream()
                        .map(String::strip)
                        .filter(word -> !word.isEmpty())
                        .toList())
                .orElse(List.of());
    }
}
