package kr.kisgateway.market;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * The stocks that NXT trades. NXT selects about 700 by size and turnover each quarter and publishes them; this list has
 * the 700 KOSPI and KOSDAQ stocks with the highest turnover of the listing's day [assumed]. NXT does not trade ETFs,
 * ETNs and KONEX.
 */
public final class NxtListing {
    private final Set<Symbol> symbols;

    private NxtListing(Set<Symbol> symbols) {
        this.symbols = symbols;
    }

    /** The list in the module's resources, parsed at each call. */
    public static NxtListing load() {
        return new NxtListing(Csv.text("nxt-stocks.txt")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(Symbol::new)
                .collect(Collectors.toUnmodifiableSet()));
    }

    public boolean contains(Symbol symbol) {
        return symbols.contains(symbol);
    }

    public int size() {
        return symbols.size();
    }
}
