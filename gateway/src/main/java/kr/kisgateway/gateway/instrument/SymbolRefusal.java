package kr.kisgateway.gateway.instrument;

import java.util.Optional;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Markets;

/** The refusal of a text that is no symbol, with the probably intended code, where there is one. */
public final class SymbolRefusal {
    private static final int SHOWN_MAX = 64;

    private SymbolRefusal() {}

    /** The refusal where Korean and US symbols are accepted. */
    public static Refusal wrongForm(String text) {
        return wrongForm(text, MarketSymbol.suggestion(text));
    }

    /** @param meant the probably intended symbol */
    public static Refusal wrongForm(String text, Optional<String> meant) {
        return with(
                text,
                meant,
                "A symbol is six characters of 0-9 and A-Z (005930), Q and six digits, or a ticker with its exchange"
                        + " (AAPL.NASD), where a class of shares follows a dash (BRK-B.NYSE).");
    }

    /** The symbol of any market in {@code text}. */
    public static MarketSymbol require(String text) {
        return Markets.standard().parse(text).orElseThrow(() -> new RefusedException(wrongForm(text)));
    }

    /** The refusal of a well-formed symbol that no market lists. */
    public static Refusal unlisted(String text, Optional<String> meant) {
        var refusal = Refusal.of(
                        ErrorCode.SYMBOL_NOT_FOUND,
                        "No market lists " + text + "."
                                + meant.map(it -> " Did you mean " + it + "?").orElse(""))
                .with("symbol", text);
        return meant.map(it -> refusal.with("suggestion", it)).orElse(refusal);
    }

    private static Refusal with(String text, Optional<String> meant, String form) {
        String shown = text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) : text;
        var refusal = Refusal.of(
                        ErrorCode.INVALID_SYMBOL,
                        meant.map(it -> "Did you mean " + it + "? ").orElse("") + form)
                .with("symbol", shown);
        return meant.map(it -> refusal.with("suggestion", it)).orElse(refusal);
    }
}
