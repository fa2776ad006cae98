package kr.kisgateway.gateway.venue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.venue.Routing.Reason;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Venue;

/**
 * Chooses KRX or NXT for an order. The first rule that one venue passes and the other does not decides; without one the order
 * goes to KRX. Pure: the same figures always give the same venue.
 *
 * <p>It does not flap: slow answers and refusals count for a while although no more orders go there, the volume of a day only
 * grows, and a better price must be better by a margin.
 *
 * @param rules in the order in which they decide
 * @param hold how long slow answers and refusals count
 * @param commissions by which prices are compared
 */
public record VenueRules(List<VenueRule> rules, Duration hold, Commissions commissions) {
    private static final long BILLION = 1_000_000_000;
    private static final int BASIS_POINTS = 10_000;

    /** A venue, and why. */
    public record Choice(Venue venue, Routing routing) {}

    public VenueRules {
        rules = List.copyOf(rules);
    }

    /** @param limit the price of the order; empty where it trades at any */
    public Choice choose(Side side, OptionalLong limit, VenueFigures krx, VenueFigures nxt) {
        if (!krx.accepts() || !nxt.accepts()) {
            return nxt.accepts()
                    ? choice(Venue.NXT, Reason.ONLY_OPEN, krx, nxt)
                    : choice(Venue.KRX, krx.accepts() ? Reason.ONLY_OPEN : Reason.USUAL, krx, nxt);
        }
        for (VenueRule rule : rules) {
            Optional<Venue> preferred = preferred(rule, side, limit, krx, nxt);
            if (preferred.isPresent()) {
                return choice(preferred.get(), reason(rule), krx, nxt);
            }
        }
        return choice(Venue.KRX, Reason.USUAL, krx, nxt);
    }

    private static Choice choice(Venue venue, Reason reason, VenueFigures krx, VenueFigures nxt) {
        return new Choice(venue, new Routing(reason, krx, nxt));
    }

    private static Reason reason(VenueRule rule) {
        return switch (rule) {
            case VenueRule.Halted _ -> Reason.HALTED;
            case VenueRule.Refused _ -> Reason.REFUSED;
            case VenueRule.Slow _ -> Reason.SLOW;
            case VenueRule.Volume _ -> Reason.VOLUME;
            case VenueRule.Price _ -> Reason.PRICE;
        };
    }

    /** The venue that the rule prefers; empty where it does not distinguish them. */
    private Optional<Venue> preferred(
            VenueRule rule, Side side, OptionalLong limit, VenueFigures krx, VenueFigures nxt) {
        return switch (rule) {
            case VenueRule.Halted _ -> other(krx.halted(), nxt.halted());
            case VenueRule.Refused refused ->
                other(
                        krx.refusal().filter(refused::counts).isPresent(),
                        nxt.refusal().filter(refused::counts).isPresent());
            case VenueRule.Slow(Duration most) -> other(isSlow(krx, most), isSlow(nxt, most));
            case VenueRule.Volume(long least) ->
                krx.volume().isPresent() && nxt.volume().isPresent()
                        ? other(krx.volume().getAsLong() < least, nxt.volume().getAsLong() < least)
                        : Optional.empty();
            case VenueRule.Price(int margin) -> better(margin, side, limit, krx, nxt);
        };
    }

    /** The venue without the disadvantage that the other one has. */
    private static Optional<Venue> other(boolean avoidsKrx, boolean avoidsNxt) {
        return avoidsKrx == avoidsNxt ? Optional.empty() : Optional.of(avoidsKrx ? Venue.NXT : Venue.KRX);
    }

    private static boolean isSlow(VenueFigures venue, Duration most) {
        return venue.answerMillis().isPresent() && venue.answerMillis().getAsLong() > most.toMillis();
    }

    private Optional<Venue> better(int margin, Side side, OptionalLong limit, VenueFigures krx, VenueFigures nxt) {
        if (krx.best().isEmpty() || nxt.best().isEmpty()) {
            return Optional.empty(); // an unknown price is no bad one
        }
        long onKrx = krx.best().getAsLong();
        long onNxt = nxt.best().getAsLong();
        boolean tradesOnKrx = isWithin(side, limit, onKrx);
        boolean tradesOnNxt = isWithin(side, limit, onNxt);
        if (!tradesOnKrx || !tradesOnNxt) {
            return other(!tradesOnKrx, !tradesOnNxt);
        }
        // What a share costs a buyer, or yields a seller, in billionths of a won.
        long priceOnKrx = net(side, onKrx, Venue.KRX);
        long priceOnNxt = net(side, onNxt, Venue.NXT);
        long advantageOfNxt = side == Side.BUY ? priceOnKrx - priceOnNxt : priceOnNxt - priceOnKrx;
        long least = priceOnKrx / BASIS_POINTS * margin;
        if (Math.abs(advantageOfNxt) <= least) {
            return Optional.empty();
        }
        return Optional.of(advantageOfNxt > 0 ? Venue.NXT : Venue.KRX);
    }

    private static boolean isWithin(Side side, OptionalLong limit, long best) {
        return limit.isEmpty() || (side == Side.BUY ? best <= limit.getAsLong() : best >= limit.getAsLong());
    }

    private long net(Side side, long price, Venue venue) {
        long rate = commissions.on(venue).commissionRate();
        return Math.multiplyExact(price, side == Side.BUY ? BILLION + rate : BILLION - rate);
    }
}
