package kr.kisgateway.simulator.catalog;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.simulator.history.History.Period;

/**
 * A stock's buyers and sellers on a day: persons, foreigners and institutions. Simulated trades do not record them, so they
 * are drawn for each day; the sum of all buys and the sum of all sells both equal the day's volume.
 */
final class InvestorTrades {
    private static final int DAYS = 30;
    private static final long MILLION = 1_000_000;

    private InvestorTrades() {}

    /** inquire-investor: the last thirty days. */
    static KnownFields ofStock(CatalogRequest request, MarketView market, long seed) {
        String code = request.param("FID_INPUT_ISCD");
        List<Map<String, String>> rows = new ArrayList<>();
        market.find(code)
                .ifPresent(stock -> stock.lastYear()
                        .newest(Period.DAY, LocalDate.MIN, LocalDate.MAX, Charts.today(stock, market), DAYS)
                        .forEach(bar -> rows.add(
                                row(bar, SeededDraw.of(seed).with("investors").with(code)))));
        return new ListFields("output", rows, Map.of());
    }

    private static Map<String, String> row(DailyBar bar, SeededDraw draw) {
        Map<String, String> row = new HashMap<>();
        row.put("stck_bsop_date", DateTimeFormatter.BASIC_ISO_DATE.format(bar.date()));
        row.put("stck_clpr", Long.toString(bar.close()));
        row.put("prdy_vrss", Long.toString(bar.change()));
        row.put("prdy_vrss_sign", Quote.sign(bar.change()));
        long[] bought = parts(bar.volume(), draw.with("bought").with(bar.date().toEpochDay()));
        long[] sold = parts(bar.volume(), draw.with("sold").with(bar.date().toEpochDay()));
        String[] investors = {"frgn", "orgn", "prsn"};
        // In millions of won at the day's mean price; the last one has the remainder, so these sum as well.
        long[] boughtFor = amounts(bought, bar);
        long[] soldFor = amounts(sold, bar);
        for (int i = 0; i < investors.length; i++) {
            row.put(investors[i] + "_shnu_vol", Long.toString(bought[i]));
            row.put(investors[i] + "_seln_vol", Long.toString(sold[i]));
            row.put(investors[i] + "_ntby_qty", Long.toString(bought[i] - sold[i]));
            row.put(investors[i] + "_shnu_tr_pbmn", Long.toString(boughtFor[i]));
            row.put(investors[i] + "_seln_tr_pbmn", Long.toString(soldFor[i]));
            row.put(investors[i] + "_ntby_tr_pbmn", Long.toString(boughtFor[i] - soldFor[i]));
        }
        return row;
    }

    /** Net purchases of foreigners on a day, in shares. */
    static long foreign(DailyBar bar, String code, long seed) {
        return Long.parseLong(
                row(bar, SeededDraw.of(seed).with("investors").with(code)).getOrDefault("frgn_ntby_qty", "0"));
    }

    /** Splits the volume: foreigners a fifth to two fifths, institutions a tenth to three tenths, persons the rest. */
    private static long[] parts(long volume, SeededDraw draw) {
        long foreign = part(volume, draw.with("frgn").between(200, 400));
        long institutions = part(volume, draw.with("orgn").between(100, 300));
        return new long[] {foreign, institutions, volume - foreign - institutions};
    }

    private static long part(long volume, long perMille) {
        return volume / 1_000 * perMille + volume % 1_000 * perMille / 1_000;
    }

    private static long[] amounts(long[] shares, DailyBar bar) {
        long all = bar.turnover() / MILLION;
        double mean = bar.volume() == 0 ? 0 : (double) bar.turnover() / bar.volume() / MILLION;
        long foreign = (long) (shares[0] * mean);
        long institutions = (long) (shares[1] * mean);
        return new long[] {foreign, institutions, all - foreign - institutions};
    }
}
