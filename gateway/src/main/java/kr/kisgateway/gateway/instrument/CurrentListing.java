package kr.kisgateway.gateway.instrument;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketPolicy;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.Symbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The current listing. A reader sees the old one or the new one, never parts of both; read by any thread, replaced by
 * the refresher's.
 */
public final class CurrentListing {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.instrument");

    private final List<Consumer<ListingChange>> listeners = new CopyOnWriteArrayList<>();
    private final Markets markets;
    /** What NXT trades by the broker's answers, which a new list keeps. Guarded by this. */
    private final Map<Symbol, Boolean> onNxt = new HashMap<>();

    private volatile Listing current;

    /**
     * @param first the listing until a newer one arrives
     * @param markets whose symbols are well-formed
     */
    public CurrentListing(Listing first, Markets markets) {
        this.current = first;
        this.markets = markets;
    }

    /** Every Korean symbol in the current listing. */
    public List<Symbol> koreanSymbols() {
        return current().all().stream()
                .filter(Listed.Korean.class::isInstance)
                .map(listed -> ((Listed.Korean) listed).instrument().symbol())
                .toList();
    }

    public Listing current() {
        return current;
    }

    /** The Korean instrument under {@code symbol}, when one is listed now. */
    public Optional<Instrument> find(Symbol symbol) {
        return current.find(symbol);
    }

    /**
     * The instrument that {@code text} names now: {@code 005930}, {@code AAPL.NASD}. The code of a refusal is {@code
     * INVALID_SYMBOL} for a malformed text, {@code SYMBOL_NOT_FOUND} for an unlisted symbol.
     */
    public Result<Listed> lookup(String text) {
        return current.find(text)
                .map(Result::success)
                .orElseGet(() -> Result.refused(
                        markets.parse(text).isPresent()
                                ? SymbolRefusal.unlisted(text, ofOtherExchange(text))
                                : SymbolRefusal.wrongForm(text, meant(text, markets.all()))));
    }

    /** Whether {@code text} names an instrument now. */
    public boolean isListed(String text) {
        return current.find(text).isPresent();
    }

    /** The instrument listed now that {@code text}, well-formed or not, names on another exchange than it says. */
    private Optional<String> ofOtherExchange(String text) {
        return meant(
                text,
                markets.all().stream()
                        .filter(policy -> !policy.market().equals(Market.KOREA))
                        .toList());
    }

    /** The code listed now that {@code text} probably means. */
    private Optional<String> meant(String text, List<MarketPolicy> policies) {
        return policies.stream()
                .flatMap(policy -> policy.candidates(text).stream())
                .map(MarketSymbol::code)
                .filter(code -> current.find(code).isPresent())
                .findFirst();
    }

    /**
     * The Korean instrument that {@code text} names.
     *
     * @throws RefusedException as {@link #lookup} and {@link Listed#requireKorean}
     */
    public Instrument require(String text) {
        return lookup(text).orElseThrow().requireKorean();
    }

    /**
     * Calls {@code listener} after each change takes effect, on the refresher's thread: it must not block. A listener
     * that throws does not prevent the others.
     */
    public void onChange(Consumer<ListingChange> listener) {
        listeners.add(listener);
    }

    /** Enters the broker's answer whether NXT trades {@code symbol}; the listing changes where it had the other one. */
    synchronized void enterNxt(Symbol symbol, boolean isOnNxt) {
        onNxt.put(symbol, isOnNxt);
        var entered = current.withNxt(Map.of(symbol, isOnNxt));
        if (entered != current) {
            replace(entered);
        }
    }

    /** Replaces the current listing by {@code list}, with the broker's answers about NXT. */
    synchronized void replace(Listing list) {
        var next = list.withNxt(onNxt);
        next.index(); // built before the first search uses it
        var change = current.changesTo(next);
        current = next;
        if (change.isEmpty()) {
            return;
        }
        LOG.info(
                "listing_changed added={} removed={} changed={}",
                change.added().size(),
                change.removed().size(),
                change.changed().size());
        for (var listener : listeners) {
            try {
                listener.accept(change);
            } catch (RuntimeException e) {
                LOG.error("listing_listener_failed", e);
            }
        }
    }
}
