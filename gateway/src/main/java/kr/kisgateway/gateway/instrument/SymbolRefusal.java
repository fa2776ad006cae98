package kr.kisgateway.gateway.instrument;

import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;

/** What a text that is no symbol is answered: with the code that was probably meant, where there is one. */
public final class SymbolRefusal {
    private static final int SHOWN_MAX = 64;

    private SymbolRefusal() {}

    /** The refusal where Korean and American symbols are taken. */
    public static Refusal wrongForm(String text) {
        return wrongForm(text, MarketSymbol.meant(text));
    }

    /** @param meant what the text probably stands for */
    public static Refusal wrongForm(String text, Optional<String> meant) {
        return with(
                text,
                meant,
                "A symbol is six characters of 0-9 and A-Z (005930), Q and six digits, or a ticker with its exchange"
                        + " (AAPL.NASD), where a class of shares follows a dash (BRK-B.NYSE).");
    }

    /**
     * The refusal where only Korean symbols are taken: an American one is well-formed and not supported.
     *
     * @param what completes "… are for Korean instruments alone", for example "Orders"
     */
    public static Refusal korean(String text, String what) {
        if (UsSymbol.parse(text).isPresent()) {
            return Refusal.of(
                            ErrorCode.UNSUPPORTED_BY_SOURCE,
                            what + " are for Korean instruments alone so far; " + text
                                    + " is American, and nothing was done.")
                    .with("symbol", text);
        }
        return with(text, MarketSymbol.meant(text), "A symbol has six characters of 0-9 and A-Z, or Q and six digits.");
    }

    /** The Korean symbol that {@code text} spells. */
    public static Symbol requireKorean(String text, String what) {
        return Symbol.parse(text).orElseThrow(refused(text, what));
    }

    private static Supplier<RefusedException> refused(String text, String what) {
        return () -> new RefusedException(korean(text, what));
    }

    /** The refusal of a text that has the form of a symbol which no market lists. */
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
