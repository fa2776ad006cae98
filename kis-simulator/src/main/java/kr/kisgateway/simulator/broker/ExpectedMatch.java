package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.catalog.KnownFields;
import kr.kisgateway.wire.print.Percent;

/**
 * The fields of inquire-asking-price-exp-ccn about the book's time and the current auction; zeros when there is none.
 *
 * @param bookTime when the last order of the book arrived
 */
record ExpectedMatch(MarketSnapshot snapshot, Instant bookTime) implements KnownFields {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");

    @Override
    public Map<String, String> values(String block, int row) {
        if (!block.equals("output2")) {
            return Map.of("aspr_acpt_hour", TIME.format(bookTime.atZone(TradingCalendar.SEOUL)));
        }
        long qty = snapshot.expected().qty();
        long base = snapshot.figures().base();
        long price = qty == 0 ? 0 : snapshot.expected().price();
        long change = qty == 0 ? 0 : price - base;
        return Map.of(
                "antc_cnpr", Long.toString(price),
                "antc_cntg_vrss", Long.toString(change),
                "antc_cntg_vrss_sign",
                        qty == 0
                                ? "3"
                                : Character.toString(Frames.sign(
                                        price,
                                        base,
                                        snapshot.stock().upper(),
                                        snapshot.stock().lower())),
                "antc_cntg_prdy_ctrt", Percent.of(change, base),
                "antc_vol", Long.toString(qty),
                "vi_cls_code", snapshot.stock().phase() == Phase.INTERRUPTED ? "Y" : "N");
    }
}
