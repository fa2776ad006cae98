package kr.kisgateway.wire.parse;

import java.util.List;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;

/**
 * An order that can still be modified or cancelled, at least in part: a row of {@code inquire-psbl-rvsecncl}
 * (주식정정취소가능주문조회, TTTC0084R), or in paper, which does not offer that, of {@code inquire-daily-ccld}. Prices are whole won,
 * quantities shares. The order number and the open quantity are read strictly.
 *
 * @param orgNo {@code ord_gno_brno}, needed to modify or cancel
 * @param odno its current number
 * @param originalOdno the number it replaced; 0 for an original
 * @param side buy or sell
 * @param symbol the instrument
 * @param name its Korean name; empty when absent
 * @param ordDvsn {@code ORD_DVSN} such as 00 (limit); empty when absent
 * @param qty ordered
 * @param price limit; 0 where there is none
 * @param filledQty filled so far
 * @param openQty shares that can be modified or cancelled ({@code psbl_qty}, {@code rmn_qty})
 * @param time order time, KST as {@code HHmmss}; empty when absent
 * @param exchange {@code KRX}, {@code NXT} or {@code SOR} as KIS wrote it; empty when absent
 */
public record OpenOrder(
        String orgNo,
        long odno,
        long originalOdno,
        Side side,
        Symbol symbol,
        String name,
        String ordDvsn,
        long qty,
        long price,
        long filledQty,
        long openQty,
        String time,
        String exchange) {

    /** A page of {@code inquire-psbl-rvsecncl}. */
    public static ParseResult<List<OpenOrder>> parseAll(RestReply reply) {
        return ParseResult.of(() -> reply.rows("output").stream()
                .map(OpenOrder::parse)
                .filter(order -> order.openQty() > 0)
                .toList());
    }

    /** The open orders on a page of {@code inquire-daily-ccld}: without completed ones and cancels, which are rows too. */
    public static ParseResult<List<OpenOrder>> parseDaily(RestReply reply) {
        return ParseResult.of(() -> reply.rows("output1").stream()
                .filter(row -> {
                    DailyOrderRow order = DailyOrderRow.parse(row);
                    return order.rmnQty() > 0 && !order.isCancelRow() && !order.isRejected();
                })
                .map(row -> of(DailyOrderRow.parse(row), row.textOr("prdt_name", "")))
                .toList());
    }

    private static OpenOrder parse(Row row) {
        return new OpenOrder(
                row.textOr("ord_gno_brno", ""),
                row.orderNumber("odno"),
                row.sharesOr("orgn_odno", 0),
                Sides.of(row, "sll_buy_dvsn_cd"),
                row.symbol("pdno"),
                row.textOr("prdt_name", ""),
                row.textOr("ord_dvsn_cd", ""),
                row.shares("ord_qty"),
                row.wonOr("ord_unpr", 0),
                row.shares("tot_ccld_qty"),
                row.shares("psbl_qty"),
                row.textOr("ord_tmd", ""),
                row.textOr("excg_id_dvsn_cd", ""));
    }

    private static OpenOrder of(DailyOrderRow row, String name) {
        return new OpenOrder(
                row.orgNo(),
                row.odno(),
                row.originalOdno(),
                row.side(),
                row.symbol(),
                name,
                row.ordDvsnCd(),
                row.ordQty(),
                row.ordUnpr(),
                row.totCcldQty(),
                row.rmnQty(),
                row.ordTmd(),
                row.exchange());
    }
}
