package kr.kisgateway.simulator.exchange;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.NxtListing;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import org.jspecify.annotations.Nullable;

/**
 * The active stocks of both venues. A stock becomes active at its first request; what was stored about it before a restart
 * waits here until then.
 */
final class ActiveStocks {
    /** Receives each new stock. */
    interface Activation {
        /** @param figures those before a restart; null when there are none */
        void activated(Stock stock, Tape.@Nullable Figures figures);
    }

    /** The stocks of one venue. */
    private static final class OfVenue {
        final Map<Symbol, Stock> active = new TreeMap<>();
        final Map<Symbol, Tape.Figures> storedFigures;
        final Map<Symbol, StoredMinutes> storedMinutes = new HashMap<>();

        OfVenue(Map<Symbol, Tape.Figures> storedFigures) {
            this.storedFigures = new HashMap<>(storedFigures);
        }
    }

    private final Function<Symbol, Optional<Instrument>> instruments;
    private final Map<Symbol, Optional<Instrument>> instrumentCache = new HashMap<>();
    private final NxtListing nxtListing = NxtListing.load();
    /** What a tester changed of the list. */
    private final Map<Symbol, Boolean> changedOnNxt = new HashMap<>();

    private final Exchange.BasePrices basePrices;
    private final long seed;
    private final Activation activation;
    private final OfVenue krx;
    private final OfVenue nxt;

    ActiveStocks(
            Function<Symbol, Optional<Instrument>> instruments,
            Exchange.BasePrices basePrices,
            long seed,
            Map<Symbol, Tape.Figures> storedFigures,
            Map<Symbol, Tape.Figures> storedNxtFigures,
            Activation activation) {
        this.instruments = instruments;
        this.basePrices = basePrices;
        this.seed = seed;
        this.activation = activation;
        this.krx = new OfVenue(storedFigures);
        this.nxt = new OfVenue(storedNxtFigures);
    }

    /**
     * The stock on KRX; empty when no such instrument is listed.
     *
     * @param day the business date on which it becomes active, if it is not yet
     */
    Optional<Stock> onKrx(Symbol symbol, LocalDate day) {
        Stock existing = krx.active.get(symbol);
        if (existing != null) {
            return Optional.of(existing);
        }
        return instrumentCache.computeIfAbsent(symbol, instruments).map(instrument -> {
            Tape.Figures figures = krx.storedFigures.remove(symbol);
            Stock created = new Stock(instrument, day, seed);
            if (figures == null) {
                created.changeBase(basePrices.basePrice(instrument, LocalDate.MIN, instrument.close(), day));
            }
            krx.active.put(symbol, created);
            activation.activated(created, figures);
            return created;
        });
    }

    /** The stock on NXT; empty when it is not listed there. */
    Optional<Stock> onNxt(Symbol symbol, LocalDate day) {
        Stock existing = nxt.active.get(symbol);
        if (existing != null || !isOnNxt(symbol)) {
            return Optional.ofNullable(existing);
        }
        return onKrx(symbol, day).map(main -> {
            Stock created = new Stock(main, Venue.NXT, seed);
            nxt.active.put(symbol, created);
            activation.activated(created, nxt.storedFigures.remove(symbol));
            return created;
        });
    }

    void listOnNxt(Symbol symbol, boolean trades) {
        changedOnNxt.put(symbol, trades);
    }

    /** Whether NXT lists the stock; activates nothing. */
    boolean isOnNxt(Symbol symbol) {
        return changedOnNxt.getOrDefault(symbol, nxtListing.contains(symbol));
    }

    /** Activates every stock that traded before a restart and was not requested since. */
    void activateStored(LocalDate day) {
        List.copyOf(krx.storedFigures.keySet()).forEach(symbol -> onKrx(symbol, day));
        List.copyOf(nxt.storedFigures.keySet()).forEach(symbol -> onNxt(symbol, day));
    }

    /** Stores today's minutes from before a restart, of a stock that has not been active since. */
    void restoreMinutes(Symbol symbol, Venue venue, StoredMinutes minutes) {
        of(venue).storedMinutes.put(symbol, minutes);
    }

    /** Removes and returns the stored minutes of a stock. */
    Optional<StoredMinutes> takeMinutes(Stock stock) {
        return Optional.ofNullable(of(stock.venue()).storedMinutes.remove(stock.symbol()));
    }

    private OfVenue of(Venue venue) {
        return venue == Venue.NXT ? nxt : krx;
    }

    /** Every active stock, those of KRX first. */
    Collection<Stock> all() {
        List<Stock> all = new ArrayList<>(krx.active.values());
        all.addAll(nxt.active.values());
        return all;
    }
}
