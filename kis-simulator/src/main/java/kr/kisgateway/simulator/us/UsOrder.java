package kr.kisgateway.simulator.us;

import java.time.LocalDate;
import java.time.LocalDateTime;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.simulator.account.Order;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.entity.OrderKind;

/** An order for a US stock, or a modify or cancel of one. */
public final class UsOrder extends Order {
    /** Larger than any order number of a day. */
    private static final long NUMBERS_A_DAY = 10_000_000_000L;

    private final UsSymbol symbol;
    private final UsDivision division;
    private final Change.UsTerms terms;
    private final UsRules rules;

    /** A modify that is new has no quantity until its original is reduced. */
    UsOrder(Change.Order o, UsRules rules) {
        super(o, o.kind() != OrderKind.MODIFY || o.priority() > 0 || !o.open());
        this.rules = rules;
        symbol = (UsSymbol) o.symbol();
        division = UsDivision.of(o.division(), o.side())
                .orElseThrow(() ->
                        new IllegalStateException("order " + o.odno() + " of an unknown division " + o.division()));
        terms = (Change.UsTerms) o.terms();
    }

    /** Its id in the market: numbers restart at Korea's midnight, in the middle of New York's session. */
    @Override
    public long id() {
        return day().toEpochDay() * NUMBERS_A_DAY + odno();
    }

    @Override
    public UsSymbol symbol() {
        return symbol;
    }

    public UsDivision division() {
        return division;
    }

    /** Whether it is an order of the day market (주간거래). */
    public boolean dayMarket() {
        return terms.dayMarket();
    }

    /** The trading date in New York. */
    public LocalDate date() {
        return terms.date();
    }

    /** When it arrived by New York's clock. */
    public LocalDateTime acceptedAt() {
        return terms.acceptedAt();
    }

    /** The commission of its fills. */
    public long costs() {
        return rules.commission(filledAmount());
    }

    /** The profit of a sale: its amount less its costs and the cost basis of its shares. */
    public long realized() {
        return filledAmount() - basis() - costs();
    }

    @Override
    protected Change.UsTerms terms() {
        return terms;
    }
}
