package kr.kisgateway.simulator.catalog;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.history.MinuteCodec;
import kr.kisgateway.wire.print.Percent;

/**
 * A stock's trades outside the regular session today: from the close on until 20:00, in whichever of trading at the closing
 * price (15:40), single price auctions (16:00 to 18:00, until 2026-09-13) and the after-market there is; where the market is
 * always open, the same times of day.
 *
 * @param reference the close of the regular session, or the base price where it has none
 */
record AfterHours(long last, long open, long high, long low, long reference, long volume, long turnover) {
    private static final int OPENING = 9 * 60;
    private static final int CLOSING = 15 * 60 + 30;
    private static final int END = 20 * 60;

    /** The figures for rankings: trades after the close, and until then those before the opening. */
    static AfterHours of(KrxListedStock stock) {
        AfterHours behind = behindClose(stock);
        return behind.volume > 0 ? behind : of(stock, minute -> minute < OPENING);
    }

    static AfterHours behindClose(KrxListedStock stock) {
        return of(stock, AfterHours::isBehindClose);
    }

    static boolean isBehindClose(int minute) {
        return minute > CLOSING && minute < END;
    }

    private static AfterHours of(KrxListedStock stock, IntPredicate isCounted) {
        List<Minutes.Bar> bars = MinuteCodec.withPrices(stock.minutes(), stock.base()).stream()
                .filter(bar -> isCounted.test(bar.minute()))
                .toList();
        long reference = stock.closingPrice() > 0 ? stock.closingPrice() : stock.base();
        return bars.isEmpty()
                ? new AfterHours(reference, 0, 0, 0, reference, 0, 0)
                : new AfterHours(
                        bars.getLast().close(),
                        bars.getFirst().open(),
                        bars.stream().mapToLong(Minutes.Bar::high).max().orElse(0),
                        bars.stream().mapToLong(Minutes.Bar::low).min().orElse(0),
                        reference,
                        bars.stream().mapToLong(Minutes.Bar::volume).sum(),
                        bars.stream().mapToLong(Minutes.Bar::turnover).sum());
    }

    long change() {
        return last - reference;
    }

    /** inquire-overtime-price and inquire-daily-overtimeprice: today so far, which is the first row of days. */
    static KnownFields present(CatalogRequest question, MarketView market) {
        return market.find(question.param("FID_INPUT_ISCD"))
                .<KnownFields>map(stock -> new Present(behindClose(stock).figures(stock)))
                .orElse(KnownFields.NONE);
    }

    private record Present(Map<String, String> figures) implements KnownFields {
        @Override
        public Map<String, String> values(String block, int row) {
            return row == 0 ? figures : Map.of();
        }
    }

    /** The after-hours columns of every answer about a stock after hours. */
    Map<String, String> figures(KrxListedStock stock) {
        Map<String, String> values = new HashMap<>();
        values.put("ovtm_untp_prpr", text(last));
        values.put("ovtm_untp_prdy_vrss", text(change()));
        values.put("ovtm_untp_prdy_vrss_sign", Quote.sign(change()));
        values.put("ovtm_untp_prdy_ctrt", Percent.of(change(), reference));
        values.put("ovtm_untp_vol", text(volume));
        values.put("ovtm_untp_tr_pbmn", text(turnover));
        values.put("ovtm_untp_oprc", text(open));
        values.put("ovtm_untp_hgpr", text(high));
        values.put("ovtm_untp_lwpr", text(low));
        values.put("ovtm_untp_sdpr", text(reference));
        values.put("ovtm_untp_mxpr", text(stock.upper()));
        values.put("ovtm_untp_llam", text(stock.lower()));
        return values;
    }

    /** A row of the after-hours rankings. */
    Map<String, String> values(KrxListedStock stock) {
        Map<String, String> values = figures(stock);
        values.put("ovtm_untp_askp1", text(stock.ask(1)));
        values.put("ovtm_untp_bidp1", text(stock.bid(1)));
        values.put("ovtm_untp_seln_rsqn", text(stock.totalAskQty()));
        values.put("ovtm_untp_shnu_rsqn", text(stock.totalBidQty()));
        values.put("ovtm_vrss_acml_vol_rlim", Percent.of(volume, stock.volume()));
        return values;
    }

    private static String text(long number) {
        return Long.toString(number);
    }
}
