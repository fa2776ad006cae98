package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.catalog.Known;
import kr.kisgateway.wire.print.Percent;

/**
 * What inquire-asking-price-exp-ccn tells of the book's time, and of the auction that collects; zeros when none does.
 *
 * @param bookAt when the last order of the book came
 */
record ExpectedMatch(Shot shot, Instant bookAt) implements Known {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");

    @Override
    public Map<String, String> values(String block, int row) {
        if (!block.equals("output2")) {
            return Map.of("aspr_acpt_hour", TIME.format(bookAt.atZone(TradingCalendar.SEOUL)));
        }
        long qty = shot.expected().qty();
        long base = shot.figures().base();
        long price = qty == 0 ? 0 : shot.expected().price();
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
                                        shot.stock().upper(),
                                        shot.stock().lower())),
                "antc_cntg_prdy_ctrt", Percent.of(change, base),
                "antc_vol", Long.toString(qty),
                "vi_cls_code", shot.stock().phase() == Phase.INTERRUPTED ? "Y" : "N");
    }
}
