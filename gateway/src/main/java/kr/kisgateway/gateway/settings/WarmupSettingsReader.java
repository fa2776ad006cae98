package kr.kisgateway.gateway.settings;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.client.settings.SettingForms;
import kr.kisgateway.gateway.settings.Settings.WarmupType;
import kr.kisgateway.market.NearestWord;
import kr.kisgateway.market.Symbol;

/** Reads {@code GATEWAY_WARM_…}. */
final class WarmupSettingsReader {
    private static final int SYMBOLS_MAX = 4_000;

    private final SettingForms forms;

    WarmupSettingsReader(SettingForms forms) {
        this.forms = forms;
    }

    Settings.Warmup read() {
        return new Settings.Warmup(
                forms.timeOfDay(Setting.GATEWAY_WARM_AT, true),
                symbols(forms.text(Setting.GATEWAY_WARM_SYMBOLS)),
                forms.count(Setting.GATEWAY_WARM_TOP, SYMBOLS_MAX).orElseThrow(),
                types(forms.effective(Setting.GATEWAY_WARM_TYPES)));
    }

    private List<Symbol> symbols(Optional<String> text) {
        var symbols = new LinkedHashSet<Symbol>();
        for (String code : parseList(text)) {
            Symbol.parse(code)
                    .ifPresentOrElse(
                            symbols::add,
                            () -> forms.problem("GATEWAY_WARM_SYMBOLS: \"" + code + "\" is not a six-character code"
                                    + Symbol.suggestion(code)
                                            .map(it -> " (did you mean " + it + "?)")
                                            .orElse("") + "."));
        }
        if (symbols.size() > SYMBOLS_MAX) {
            forms.problem("GATEWAY_WARM_SYMBOLS has " + symbols.size() + " symbols; at most " + SYMBOLS_MAX
                    + " are fetched at once.");
        }
        return List.copyOf(symbols);
    }

    private Set<WarmupType> types(Optional<String> text) {
        var types = EnumSet.noneOf(WarmupType.class);
        for (String item : parseList(text)) {
            WarmupType.of(item.toLowerCase(Locale.ROOT))
                    .ifPresentOrElse(
                            types::add,
                            () -> forms.problem("GATEWAY_WARM_TYPES: \"" + item + "\" is none of "
                                    + String.join(", ", WarmupType.wireNames())
                                    + NearestWord.ending(item, WarmupType.wireNames())));
        }
        return types.isEmpty() ? EnumSet.allOf(WarmupType.class) : types;
    }

    private static List<String> parseList(Optional<String> text) {
        return text.map(it -> List.of(it.split(",")).stream()
                        .map(String::strip)
                        .filter(item -> !item.isEmpty())
                        .toList())
                .orElse(List.of());
    }
}
