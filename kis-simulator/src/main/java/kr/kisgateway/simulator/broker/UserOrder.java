package kr.kisgateway.simulator.broker;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.account.LoanKey;
import kr.kisgateway.simulator.account.Order;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.entity.Credit;
import kr.kisgateway.simulator.entity.RestingPlace;

/** An order for a Korean stock, or a modify or cancel of one. */
final class UserOrder extends Order {
    final Symbol symbol;
    final String exchange;
    final long marginPrice;
    final OrderDivision division;
    final long conditionPrice;
    /** The loan of a credit order; empty for an order in cash. */
    final Optional<Credit> credit;

    private final Optional<LoanKey> loan;
    /** The venue on which it rests, or would rest. */
    Venue venue;

    RestingPlace resting;
    /** When the last price triggered a stop order; 0 = not yet. */
    long triggeredAtMillis;

    long restPrice;

    UserOrder(Change.Order o, Change.KoreanTerms terms) {
        // An open order rests in a queue once the exchange has it.
        super(o, !o.open() || terms.resting() != RestingPlace.NOWHERE);
        symbol = (Symbol) o.symbol();
        exchange = terms.exchange();
        marginPrice = terms.marginPrice();
        conditionPrice = terms.conditionPrice();
        credit = terms.credit();
        loan = credit.map(it -> LoanKey.of(symbol, it));
        venue = terms.venue();
        resting = terms.resting();
        triggeredAtMillis = terms.triggeredAtMillis();
        restPrice = terms.restPrice();
        division = OrderDivision.of(o.division())
                .orElseThrow(() ->
                        new IllegalStateException("order " + o.odno() + " of an unknown division " + o.division()));
    }

    @Override
    public long id() {
        return odno();
    }

    @Override
    public Symbol symbol() {
        return symbol;
    }

    @Override
    public Optional<LoanKey> loan() {
        return loan;
    }

    @Override
    protected void close() {
        super.close();
        resting = RestingPlace.NOWHERE;
    }

    /** The average fill price, 0 without fills; {@code scale} decimals, half up. */
    String averagePrice(int scale) {
        return filledQty() == 0
                ? "0"
                : BigDecimal.valueOf(filledAmount())
                        .divide(BigDecimal.valueOf(filledQty()), scale, RoundingMode.HALF_UP)
                        .toPlainString();
    }

    @Override
    protected Change.KoreanTerms terms() {
        return new Change.KoreanTerms(
                exchange,
                marginPrice,
                conditionPrice,
                triggeredAtMillis,
                venue,
                isOpen() ? resting : RestingPlace.NOWHERE,
                restPrice,
                credit);
    }
}
