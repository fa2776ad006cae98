package kr.kisgateway.simulator.account;

import java.time.LocalDate;
import java.util.Comparator;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.simulator.entity.Credit;

/**
 * The loans of a stock that were taken out on one day from one lender: they have one row in the balance.
 *
 * @param ksfc whether the Korea Securities Finance Corporation lends
 */
public record LoanKey(Symbol symbol, LocalDate date, boolean ksfc) implements Comparable<LoanKey> {
    private static final Comparator<LoanKey> ORDER = Comparator.<LoanKey, String>comparing(
                    key -> key.symbol().code())
            .thenComparing(LoanKey::date)
            .thenComparing(LoanKey::ksfc);

    /** The loan of a credit order. */
    public static LoanKey of(Symbol symbol, Credit credit) {
        return new LoanKey(symbol, credit.date(), credit.isKsfc());
    }

    /** Its name in the balance. */
    public String name() {
        return Credit.lenderName(ksfc);
    }

    @Override
    public int compareTo(LoanKey other) {
        return ORDER.compare(this, other);
    }
}
