package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
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
    private final BiFunction<Symbol, Venue, Market> markets;
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

    /**
     * @param markets loads the market of a stock on a venue; may ask the broker
     * @param workers run these loads side by side
     */
    public VenueRouter(
            VenueRules rules,
            VenueAnswers answers,
            Availability availability,
            BiFunction<Symbol, Venue, Market> markets,
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
            List<CompletableFuture<Market>> loads = List.of(load(terms, Venue.KRX), load(terms, Venue.NXT));
            choice = rules.choose(
                    terms.side(),
                    limit,
                    figures(terms, Venue.KRX, loads.getFirst().join()),
                    figures(terms, Venue.NXT, loads.getLast().join()));
        } else {
            choice = rules.choose(terms.side(), limit, VenueFigures.unknown(onKrx), VenueFigures.unknown(onNxt));
        }
        return terms.routed(choice.venue(), choice.routing());
    }

    private CompletableFuture<Market> load(Terms terms, Venue venue) {
        return CompletableFuture.supplyAsync(() -> markets.apply((Symbol) terms.symbol(), venue), workers)
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
