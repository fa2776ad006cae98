package kr.kisgateway.market;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/**
 * A part for each market, such as its calendar or the service of its quotes, in the order of the markets. Immutable.
 *
 * @param <T> the part
 */
public final class PerMarket<T> {
    private final Map<Market, T> byMarket;

    public PerMarket(Map<Market, ? extends T> byMarket) {
        this.byMarket = Collections.unmodifiableMap(new LinkedHashMap<>(byMarket));
    }

    /** The part of {@code market}, which must be one of {@link #markets}. */
    public T of(Market market) {
        T part = byMarket.get(market);
        if (part == null) {
            throw new IllegalArgumentException("there is no part of the market " + market.id());
        }
        return part;
    }

    /** The part of the market that lists {@code symbol}. */
    public T of(MarketSymbol symbol) {
        return of(symbol.market());
    }

    /** The markets, Korea first. */
    public Set<Market> markets() {
        return byMarket.keySet();
    }

    /** The parts of all markets. */
    public Collection<T> all() {
        return byMarket.values();
    }

    /** What {@code maker} makes of each market's part. */
    public <R> PerMarket<R> map(BiFunction<Market, T, R> maker) {
        var made = new LinkedHashMap<Market, R>();
        byMarket.forEach((market, part) -> made.put(market, maker.apply(market, part)));
        return new PerMarket<>(made);
    }

    /** Calls {@code action} for each market with its part and those of {@code symbols} that it lists. */
    public void forEach(Collection<? extends MarketSymbol> symbols, BiConsumer<T, List<MarketSymbol>> action) {
        byMarket.forEach((market, part) -> action.accept(
                part,
                symbols.stream()
                        .filter(symbol -> symbol.market().equals(market))
                        .<MarketSymbol>map(symbol -> symbol)
                        .toList()));
    }
}
