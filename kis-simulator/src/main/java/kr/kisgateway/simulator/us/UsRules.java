package kr.kisgateway.simulator.us;

import java.math.BigDecimal;
import kr.kisgateway.market.Market;
import kr.kisgateway.simulator.account.AccountRules;

/**
 * KIS's undocumented rules for US stocks: all of them assumed, so all of them can be set.
 *
 * @param openingCash of a new account, in ten-thousandths of a dollar
 * @param commissionPerMillion the broker's commission on an order's traded amount, cut to whole cents
 * @param wonPerDollar the exchange rate of every day; balances are converted into won with it, nothing is exchanged
 * @param regularOnly whether orders are accepted in the regular session alone, as in the practice system
 */
public record UsRules(long openingCash, int commissionPerMillion, BigDecimal wonPerDollar, boolean regularOnly)
        implements AccountRules {
    private static final long MILLION = 1_000_000;
    private static final long CENT = 100;

    public UsRules {
        if (openingCash < 0) {
            throw new IllegalArgumentException("an account does not begin with debts, such as " + openingCash);
        }
        if (commissionPerMillion < 0 || commissionPerMillion >= MILLION) {
            throw new IllegalArgumentException(
                    "the commission lies in 0..999,999 millionths, not " + commissionPerMillion);
        }
        if (wonPerDollar.signum() <= 0) {
            throw new IllegalArgumentException("a dollar is worth more than " + wonPerDollar + " won");
        }
    }

    /** A million dollars, a quarter of a percent, 1,400 won a dollar. */
    public static UsRules defaults() {
        return new UsRules(1_000_000 * 10_000L, 2_500, BigDecimal.valueOf(1_400), false);
    }

    /** These rules with the practice system's hours. */
    public UsRules inRegularSessionOnly() {
        return new UsRules(openingCash, commissionPerMillion, wonPerDollar, true);
    }

    @Override
    public Market market() {
        return Market.US;
    }

    @Override
    public int settlementDays() {
        return 1;
    }

    @Override
    public int daysListedAtZero() {
        return 1;
    }

    /** The commission on an amount, cut to whole cents. */
    @Override
    public long commission(long amount) {
        long exact = amount / MILLION * commissionPerMillion + amount % MILLION * commissionPerMillion / MILLION;
        return exact - exact % CENT;
    }
}
