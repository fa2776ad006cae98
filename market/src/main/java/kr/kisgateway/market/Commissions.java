package kr.kisgateway.market;

/**
 * The rates of the broker's commission by venue, in billionths (10⁻⁹) of the amount.
 *
 * @param us of every exchange of the US
 */
public record Commissions(long krx, long nxt, long us) {
    /** KIS's rates for accounts opened online; other accounts have other rates. */
    public static Commissions usual() {
        return new Commissions(
                Costs.USUAL_COMMISSION_RATE, Costs.USUAL_COMMISSION_RATE, Costs.USUAL_US_COMMISSION_RATE);
    }

    /** The costs of a trade on {@code venue}; at SOR, which may choose either venue, those of the dearer one. */
    public Costs on(Venue venue) {
        return new Costs(
                switch (venue) {
                    case KRX -> krx;
                    case NXT -> nxt;
                    case SOR -> Math.max(krx, nxt);
                    case NASD, NYSE, AMEX -> us;
                });
    }

    /** The costs of a trade in {@code currency} on the dearest venue: what a reservation has to cover. */
    public Costs highest(Currency currency) {
        return on(currency == Currency.KRW ? Venue.SOR : Venue.NASD);
    }
}
