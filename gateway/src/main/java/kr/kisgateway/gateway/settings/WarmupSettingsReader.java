package kr.kisgateway.gateway.settings;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.client.settings.SettingForms;
import kr.kisgateway.gateway.settings.Settings.WarmupType;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.NearestWord;

/** Reads {@code GATEWAY_WARM_…}. */
final class WarmupSettingsReader {
    private static final int SYMBOLS_MAX = 4_000;

    private final SettingForms forms;
    private final SymbolSettings symbolSettings;

    WarmupSettingsReader(SettingForms forms, SymbolSettings symbolSettings) {
        this.forms = forms;
        this.symbolSettings = symbolSettings;
    }

    Settings.Warmup read() {
        return new Settings.Warmup(
                forms.timeOfDay(Setting.GATEWAY_WARM_AT, true),
                symbols(),
                forms.count(Setting.GATEWAY_WARM_TOP, SYMBOLS_MAX).orElseThrow(),
                types(forms.effective(Setting.GATEWAY_WARM_TYPES)));
    }

    private List<MarketSymbol> symbols() {
        var symbols = symbolSettings.list(
                Setting.GATEWAY_WARM_SYMBOLS,
                forms.text(Setting.GATEWAY_WARM_SYMBOLS).orElse(""));
        if (symbols.size() > SYMBOLS_MAX) {
            forms.problem("GATEWAY_WARM_SYMBOLS has " + symbols.size() + " symbols; at most " + SYMBOLS_MAX
                    + " are fetched at once.");
        }
        return symbols;
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
