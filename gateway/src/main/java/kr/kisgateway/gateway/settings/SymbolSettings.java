package kr.kisgateway.gateway.settings;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.client.settings.SettingForms;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Markets;

/** Reads settings that name symbols of the known markets. */
record SymbolSettings(SettingForms forms, Markets markets) {
    /** The symbols in {@code text}, commas between, each once; any other part is a problem of the setting. */
    List<MarketSymbol> list(Setting name, String text) {
        var symbols = new LinkedHashSet<MarketSymbol>();
        for (var part : text.split(",")) {
            var code = part.strip();
            if (!code.isEmpty()) {
                parse(code)
                        .ifPresentOrElse(
                                symbols::add,
                                () -> forms.problem(name + ": \"" + code
                                        + "\" is not a six-character code"
                                        + MarketSymbol.suggestion(code)
                                                .map(it -> " (did you mean " + it + "?)")
                                                .orElse("")
                                        + ", nor a ticker with its exchange (AAPL.NASD)."));
            }
        }
        return List.copyOf(symbols);
    }

    Optional<MarketSymbol> parse(String code) {
        return markets.parse(code);
    }
}
