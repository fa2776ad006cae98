package kr.kisgateway.wire.parse;

/**
 * The answer of {@code inquire-psbl-order} (매수가능조회, TTTC8908R): the buying power. Amounts are whole won, quantities
 * shares. It is KIS's current calculation, without orders in flight.
 *
 * @param cash 주문가능현금 ({@code ord_psbl_cash})
 * @param substitute 주문가능대용 ({@code ord_psbl_sbst})
 * @param reusable reusable sales proceeds ({@code ruse_psbl_amt})
 * @param unitPrice the price of the quantities ({@code psbl_qty_calc_unpr}); the upper limit for a market order
 * @param amount buying power in won without credit (미수 없는 매수금액, {@code nrcvb_buy_amt})
 * @param qty the same in shares ({@code nrcvb_buy_qty})
 * @param maxAmount won with credit ({@code max_buy_amt})
 * @param maxQty shares with credit ({@code max_buy_qty})
 */
public record BuyingPowerAnswer(
        long cash, long substitute, long reusable, long unitPrice, long amount, long qty, long maxAmount, long maxQty) {

    /** Reads the block {@code output}; amount and quantity without credit are required. */
    public static ParseResult<BuyingPowerAnswer> parse(RestReply reply) {
        return ParseResult.of(() -> parse(reply.row("output").orElseThrow(() -> BadFieldException.missing("output"))));
    }

    private static BuyingPowerAnswer parse(Row row) {
        return new BuyingPowerAnswer(
                row.won("ord_psbl_cash"),
                row.wonOr("ord_psbl_sbst", 0),
                row.wonOr("ruse_psbl_amt", 0),
                row.wonOr("psbl_qty_calc_unpr", 0),
                row.won("nrcvb_buy_amt"),
                row.shares("nrcvb_buy_qty"),
                row.wonOr("max_buy_amt", 0),
                row.sharesOr("max_buy_qty", 0));
    }
}
