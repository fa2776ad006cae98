package kr.kisgateway.gateway.settings;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.client.settings.SettingForms;
import kr.kisgateway.gateway.settings.Settings.WarmType;
import kr.kisgateway.market.Symbol;

/** Reads {@code GATEWAY_WARM_…}. */
final class WarmSettings {
    private static final int SYMBOLS_MAX = 4_000;

    private final SettingForms forms;

    WarmSettings(SettingForms forms) {
        this.forms = forms;
    }

    Settings.Warm read() {
        return new Settings.Warm(
                forms.timeOfDay(Setting.GATEWAY_WARM_AT, true),
                symbols(forms.text(Setting.GATEWAY_WARM_SYMBOLS)),
                forms.count(Setting.GATEWAY_WARM_TOP, SYMBOLS_MAX).orElseThrow(),
                types(forms.effective(Setting.GATEWAY_WARM_TYPES)));
    }

    private List<Symbol> symbols(Optional<String> text) {
        var symbols = new LinkedHashSet<Symbol>();
        for (String code : words(text)) {
            Symbol.parse(code)
                    .ifPresentOrElse(
                            symbols::add,
                            () -> forms.problem("GATEWAY_WARM_SYMBOLS: \"" + code + "\" is not a six-character code"
                                    + Symbol.meant(code)
                                            .map(it -> " (did you mean " + it + "?)")
                                            .orElse("") + "."));
        }
        if (symbols.size() > SYMBOLS_MAX) {
            forms.problem("GATEWAY_WARM_SYMBOLS has " + symbols.size() + " symbols; at most " + SYMBOLS_MAX
                    + " are fetched at once.");
        }
        return List.copyOf(symbols);
    }

    private Set<WarmType> types(Optional<String> text) {
        var types = EnumSet.noneOf(WarmType.class);
        for (String word : words(text)) {
            WarmType.of(word.toLowerCase(Locale.ROOT))
                    .ifPresentOrElse(
                            types::add,
                            () -> forms.problem(
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
