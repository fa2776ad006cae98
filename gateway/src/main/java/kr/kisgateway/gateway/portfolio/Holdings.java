package kr.kisgateway.gateway.portfolio;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import kr.kisgateway.market.Symbol;

/**
 * An account at one moment. All amounts are won.
 *
 * @param cash its money
 * @param positions what it holds, quantities above zero
 * @param requestedAt when the question was sent: nothing later than this is in it for certain
 */
public record Holdings(Cash cash, List<Position> positions, Instant requestedAt) {
    public Holdings {
        positions = List.copyOf(positions);
    }

    /**
     * @param available what orders can spend: the deposit after all settlements known so far (D+2,
     *     {@code prvs_rcdl_excc_amt})
     * @param deposit today's deposit ({@code dnca_tot_amt})
     * @param nextDay the deposit after tomorrow's settlement ({@code nxdy_excc_amt})
     * @param total worth of everything ({@code tot_evlu_amt})
     * @param changeToday that worth less the one at the last close ({@code asst_icdc_amt}), if KIS said it; money paid
     *     in or out shows in it
     */
    public record Cash(long available, long deposit, long nextDay, long total, OptionalLong changeToday) {}

    /**
     * @param qty shares held
     * @param sellableQty of these, not tied up in a sale ({@code ord_psbl_qty})
     * @param avgPrice average price paid
     * @param cost what they cost
     * @param price present price
     * @param value present worth
     * @param pnl worth less cost
     */
    public record Position(
            Symbol symbol,
            String name,
            long qty,
            long sellableQty,
            BigDecimal avgPrice,
            long cost,
            long price,
            long value,
            long pnl) {}
}
