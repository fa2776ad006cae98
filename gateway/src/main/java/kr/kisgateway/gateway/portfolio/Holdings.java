package kr.kisgateway.gateway.portfolio;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;

/**
 * The cash and positions of an account in one market at one time. All amounts are in units of its currency.
 *
 * @param market of its positions, in whose currency all amounts are
 * @param cash its cash in that currency
 * @param positions its holdings, quantities above zero
 * @param requestedAt when the request was sent: nothing later is certainly included
 */
public record Holdings(Market market, Cash cash, List<Position> positions, Instant requestedAt) {
    public Holdings {
        positions = List.copyOf(positions);
    }

    /**
     * @param settled the deposit after all settlements recorded so far (D+2, {@code prvs_rcdl_excc_amt}); fills are in
     *     it, open orders are not. What a buy may cost is {@link AvailableCash}
     * @param deposit today's deposit ({@code dnca_tot_amt})
     * @param nextDay the deposit after tomorrow's settlement ({@code nxdy_excc_amt})
     * @param total worth of everything ({@code tot_evlu_amt})
     * @param changeToday that worth less the one at the last close ({@code asst_icdc_amt}), if KIS reported it; money paid
     *     in or out is included
     */
    public record Cash(long settled, long deposit, long nextDay, long total, OptionalLong changeToday) {}

    /**
     * @param qty shares held
     * @param sellableQty of these, not reserved by a sale ({@code ord_psbl_qty})
     * @param avgPrice average price paid
     * @param cost what they cost
     * @param price present price
     * @param value present worth
     * @param pnl worth less cost
     * @param loan with which they were bought; empty where they were paid in cash
     */
    public record Position(
            MarketSymbol symbol,
            String name,
            long qty,
            long sellableQty,
            BigDecimal avgPrice,
            long cost,
            long price,
            long value,
            long pnl,
            Optional<Loan> loan) {
        /** Shares paid in cash. */
        public Position(
                MarketSymbol symbol,
                String name,
                long qty,
                long sellableQty,
                BigDecimal avgPrice,
                long cost,
                long price,
                long value,
                long pnl) {
            this(symbol, name, qty, sellableQty, avgPrice, cost, price, value, pnl, Optional.empty());
        }
    }

    /**
     * The loan of shares bought on credit.
     *
     * @param date of the loan ({@code loan_dt})
     * @param amount what is lent ({@code loan_amt})
     * @param repaidBy the orders that repay it; both lenders' where the broker does not say whose it is, none for borrowed stock
     */
    public record Loan(LocalDate date, long amount, Set<CreditType> repaidBy) {
        public Loan {
            repaidBy = Set.copyOf(repaidBy);
        }
    }
}
