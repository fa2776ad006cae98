package kr.kisgateway.gateway.portfolio;

import java.time.Instant;

/**
 * The buying power of an account for one symbol, as the broker computes it. Amounts are won, quantities shares.
 *
 * @param cash cash for orders ({@code ord_psbl_cash})
 * @param unitPrice the price that the quantities count with ({@code psbl_qty_calc_unpr})
 * @param amount without credit ({@code nrcvb_buy_amt})
 * @param qty the same in shares ({@code nrcvb_buy_qty})
 * @param maxAmount with credit ({@code max_buy_amt})
 * @param maxQty the same in shares ({@code max_buy_qty})
 * @param requestedAt when the request was sent
 */
public record BrokerBuyingPower(
        long cash, long unitPrice, long amount, long qty, long maxAmount, long maxQty, Instant requestedAt) {}
