package kr.kisgateway.gateway;

import java.time.Instant;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.gateway.parent.Leg;
import kr.kisgateway.gateway.parent.LegMarket;
import kr.kisgateway.gateway.parent.Start;
import kr.kisgateway.gateway.quote.QuoteRule;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.market.VenueSymbol;

/**
 * The hours and prices of the venue to which an order goes: of NXT those of NXT, of an order that may go to either those of both
 * together.
 *
 * @param router puts an order that leaves the venue open on one; where one venue alone accepts it, at once
 * @param rule of the Korean market
 * @param isOnNxt whether NXT trades a stock and the broker has prices of it, by the last answer
 */
record VenueLegMarket(OrderDesk desk, UnaryOperator<Terms> router, QuoteRule rule, Predicate<Symbol> isOnNxt)
        implements LegMarket {
    @Override
    public boolean accepts(Leg leg, Instant at) {
        Terms terms = leg.terms();
        if (desk.window(terms, at).isOpen()) {
            return true;
        }
        // NXT trades some stocks only, which the router knows; it asks for no prices then.
        return leg.routed()
                && desk.window(terms.withVenue(Venue.NXT), at).isOpen()
                && router.apply(terms).venue() == Venue.NXT;
    }

    /** While a venue collects orders its last price is that of another session; orders at the close are decided by the close. */
    @Override
    public boolean isPriced(Leg leg, Instant at) {
        if (!(leg.start() instanceof Start.PriceTrigger start)) {
            return true;
        }
        return switch (series(leg, start)) {
            case VenueSymbol(Symbol _, PriceSeries series) ->
                rule.isContinuous(Venue.NXT, at) || series == PriceSeries.UNIFIED && rule.isContinuous(Venue.KRX, at);
            case Symbol _ -> isAtTheClose(leg.terms().kind().session()) || rule.isContinuous(Venue.KRX, at);
            default -> true;
        };
    }

    private static boolean isAtTheClose(OrderSession session) {
        return session == OrderSession.PRE_OPEN || session == OrderSession.AFTER_HOURS;
    }

    @Override
    public MarketSymbol series(Leg leg, Start.PriceTrigger start) {
        return start.symbol() instanceof Symbol stock && isOnNxt.test(stock)
                ? VenueSymbol.of(
                        stock, seriesOf(leg.routed() ? Venue.SOR : leg.terms().venue()))
                : start.symbol();
    }

    /** The series of prices at which an order that goes to {@code venue} may trade. */
    static PriceSeries seriesOf(Venue venue) {
        return switch (venue) {
            case NXT -> PriceSeries.NXT;
            case SOR -> PriceSeries.UNIFIED;
            case KRX, NASD, NYSE, AMEX -> PriceSeries.MAIN;
        };
    }
}
