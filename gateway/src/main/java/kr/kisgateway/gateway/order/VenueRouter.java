package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import kr.kisgateway.gateway.venue.VenueFigures;
import kr.kisgateway.gateway.venue.VenueRules;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;

/**
 * Chooses the venue of orders that leave it open. It is decided before the order is recorded, and never again: what was sent, or
 * may have been, stays where it is.
 */
public final class VenueRouter {
    /** Figures that take longer are unknown: an order does not wait for them. */
    private static final Duration FIGURES_LIMIT = Duration.ofMillis(500);

    private final VenueRules rules;
    private final VenueAnswers answers;
    private final Availability availability;
    private final Markets markets;
    private final Executor workers;
    private final InstantSource clock;

    /** Whether a venue trades a stock, and accepts an order of these terms now. */
    @FunctionalInterface
    public interface Availability {
        boolean accepts(Terms terms, Instant now);
    }

    /**
     * The market in a stock on a venue. An absent figure is unknown.
     *
     * @param volume shares traded today
     * @param bid best bid in won
     * @param ask best ask in won
     */
    public record Market(boolean halted, OptionalLong volume, OptionalLong bid, OptionalLong ask) {
        /** Nothing is known. */
        public static Market unknown() {
            return new Market(false, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
        }
    }

    /** The markets in stocks. */
    public interface Markets {
        /** The market in a stock on a venue; may ask the broker. */
        Market load(Symbol symbol, Venue venue);

        /** The same where nothing has to be asked: handing it to a worker would take longer than finding it. */
        Optional<Market> inMemory(Symbol symbol, Venue venue);
    }

    /**
     * @param workers load markets side by side
     */
    public VenueRouter(
            VenueRules rules,
            VenueAnswers answers,
            Availability availability,
            Markets markets,
            Executor workers,
            InstantSource clock) {
        this.rules = rules;
        this.answers = answers;
        this.availability = availability;
        this.markets = markets;
        this.workers = workers;
        this.clock = clock;
    }

    /** The same terms on the venue that the rules choose. Asks nothing where only one venue accepts the order. */
    public Terms route(Terms terms) {
        var now = clock.instant();
        boolean onKrx = availability.accepts(terms.withVenue(Venue.KRX), now);
        boolean onNxt = availability.accepts(terms.withVenue(Venue.NXT), now);
        OptionalLong limit = terms.kind().type().isBoundByPrice() ? terms.price() : OptionalLong.empty();
        VenueRules.Choice choice;
        if (onKrx && onNxt) {
            Symbol symbol = (Symbol) terms.symbol();
            Supplier<Market> krx = market(symbol, Venue.KRX);
            Supplier<Market> nxt = market(symbol, Venue.NXT);
            choice = rules.choose(
                    terms.side(), limit, figures(terms, Venue.KRX, krx.get()), figures(terms, Venue.NXT, nxt.get()));
        } else {
            choice = rules.choose(terms.side(), limit, VenueFigures.unknown(onKrx), VenueFigures.unknown(onNxt));
        }
        return terms.routed(choice.venue(), choice.routing());
    }

    /** What is in memory, or begins to load at once. */
    private Supplier<Market> market(Symbol symbol, Venue venue) {
        Optional<Market> known = markets.inMemory(symbol, venue);
        if (known.isPresent()) {
            return known::get;
        }
        CompletableFuture<Market> loading = load(symbol, venue);
        return loading::join;
    }

    private CompletableFuture<Market> load(Symbol symbol, Venue venue) {
        return CompletableFuture.supplyAsync(() -> markets.load(symbol, venue), workers)
                .completeOnTimeout(Market.unknown(), FIGURES_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private VenueFigures figures(Terms terms, Venue venue, Market market) {
        return new VenueFigures(
                true,
                market.halted(),
                market.volume(),
                terms.side() == Side.BUY ? market.ask() : market.bid(),
                answers.medianMillis(venue),
                answers.refusal(terms.symbol(), venue));
    }
}
