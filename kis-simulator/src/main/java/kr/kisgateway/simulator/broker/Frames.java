package kr.kisgateway.simulator.broker;

import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Side;
import kr.kisgateway.simulator.exchange.Stock;
import kr.kisgateway.simulator.exchange.Tape;

/**
 * Today's realtime records, written from the column lists of PROTOCOL §9: trades of 47 columns, books of 60, notices of
 * 26. The names beside the columns are KIS's.
 */
final class Frames {
    static final String TRADES = "H0STCNT0";
    static final String BOOKS = "H0STASP0";
    static final String NOTICES = "H0STCNI0";

    private Frames() {}

    static String frame(String trId, int count, CharSequence payload) {
        return "0|" + trId + (count < 10 ? "|00" : count < 100 ? "|0" : "|") + count + '|' + payload;
    }

    static void trade(StringBuilder out, Stock stock, long price, long qty, Side aggressor, int day, int time) {
        Tape.Figures f = stock.tape().figures();
        long upper = stock.upper();
        long lower = stock.lower();
        long change = price - f.base();
        text(out, stock.symbol().code());
        time(out, time);
        num(out, price);
        sign(out, price, f.base(), upper, lower);
        num(out, change);
        hundredths(out, change, f.base());
        average(out, f.turnover(), f.volume());
        num(out, f.open());
        num(out, f.high());
        num(out, f.low());
        num(out, stock.book().best(Side.SELL));
        num(out, stock.book().best(Side.BUY));
        num(out, qty);
        num(out, f.volume());
        num(out, f.turnover());
        num(out, f.sellCount());
        num(out, f.buyCount());
        num(out, f.buyCount() - f.sellCount());
        hundredths(out, f.buyVolume(), f.sellVolume()); // CTTR
        num(out, f.sellVolume());
        num(out, f.buyVolume());
        text(out, aggressor == Side.BUY ? "1" : "5"); // CCLD_DVSN
        hundredths(out, f.buyVolume(), f.volume()); // SHNU_RATE
        hundredths(out, f.volume(), stock.instrument().volume()); // PRDY_VOL_VRSS_ACML_VOL_RATE
        time(out, f.openAt());
        versus(out, price, f.open());
        time(out, f.highAt());
        versus(out, price, f.high());
        time(out, f.lowAt());
        versus(out, price, f.low());
        num(out, day); // BSOP_DATE
        text(out, "20"); // NEW_MKOP_CLS_CODE: regular session, ordinary
        text(out, "N"); // TRHT_YN
        num(out, stock.book().quantityAt(Side.SELL, stock.book().best(Side.SELL)));
        num(out, stock.book().quantityAt(Side.BUY, stock.book().best(Side.BUY)));
        num(out, stock.book().total(Side.SELL));
        num(out, stock.book().total(Side.BUY));
        hundredths(out, f.volume(), stock.instrument().listedShares()); // VOL_TNRT
        num(out, stock.instrument().volume()); // PRDY_SMNS_HOUR_ACML_VOL
        hundredths(out, f.volume(), stock.instrument().volume());
        text(out, "0"); // HOUR_CLS_CODE
        text(out, ""); // MRKT_TRTM_CLS_CODE
        num(out, f.base()); // VI_STND_PRC
        out.append('2'); // MARKET_CLS_CODE: regular
    }

    static String book(Stock stock, int time) {
        StringBuilder out = new StringBuilder(512);
        long[] levels = stock.book().visible();
        Tape.Figures f = stock.tape().figures();
        text(out, stock.symbol().code());
        time(out, time);
        text(out, "0"); // HOUR_CLS_CODE
        for (int i = 0; i < 4 * OrderBook.LEVELS; i++) {
            num(out, levels[i]);
        }
        num(out, stock.book().total(Side.SELL));
        num(out, stock.book().total(Side.BUY));
        num(out, 0); // OVTM_TOTAL_ASKP_RSQN
        num(out, 0); // OVTM_TOTAL_BIDP_RSQN
        num(out, 0); // ANTC_CNPR
        num(out, 0); // ANTC_CNQN
        num(out, 0); // ANTC_VOL
        num(out, -f.base()); // ANTC_CNTG_VRSS: against an expected price of 0, as seen outside auctions
        text(out, "5"); // ANTC_CNTG_VRSS_SIGN
        text(out, "-100.00"); // ANTC_CNTG_PRDY_CTRT
        num(out, f.volume());
        num(out, 0); // TOTAL_ASKP_RSQN_ICDC
        num(out, 0); // TOTAL_BIDP_RSQN_ICDC
        num(out, 0); // OVTM_TOTAL_ASKP_ICDC
        num(out, 0); // OVTM_TOTAL_BIDP_ICDC
        text(out, "0"); // STCK_DEAL_CLS_CODE
        out.append('2'); // MARKET_CLS_CODE
        return frame(BOOKS, 1, out);
    }

    /**
     * A notice before it is encrypted.
     *
     * @param modifyOrCancel RCTF_CLS: 0 new, 1 modify, 2 cancel
     * @param cntg CNTG_YN: 1 receipt, 2 fill
     * @param acpt ACPT_YN: 1 taken, 2 confirmed, 3 rest of IOC or FOK cancelled
     */
    record Notice(
            UserOrder order,
            long originalOdno,
            int modifyOrCancel,
            long qty,
            long price,
            int time,
            boolean refused,
            int cntg,
            int acpt,
            String name) {}

    static String notice(String htsId, Notice n) {
        UserOrder o = n.order();
        boolean fill = n.cntg() == 2;
        StringBuilder out = new StringBuilder(256);
        text(out, htsId);
        text(out, o.account.digits());
        text(out, padded(o.odno, 10));
        text(out, n.originalOdno() == 0 ? "" : padded(n.originalOdno(), 10));
        text(out, o.side == Side.SELL ? "01" : "02");
        num(out, n.modifyOrCancel());
        text(out, o.dvsn);
        text(
                out,
                switch (o.dvsn) {
                    case "11", "13", "15" -> "1";
                    case "12", "14", "16" -> "2";
                    default -> "0";
                });
        text(out, o.symbol.code());
        text(out, padded(n.qty(), 10));
        text(out, padded(n.price(), 9));
        time(out, n.time());
        text(out, n.refused() ? "1" : "0");
        num(out, n.cntg());
        num(out, n.acpt());
        text(out, Bodies.ORGNO);
        text(out, padded(o.qty, 9));
        text(out, "모의계좌" + o.account.cano().substring(6));
        text(out, padded(0, 9)); // ORD_COND_PRC
        text(out, o.exchange.equals("SOR") ? "3" : "1");
        text(out, "Y");
        text(out, "");
        text(out, "10");
        text(out, "");
        text(out, n.name());
        out.append(padded(fill ? o.price : 0, 9)); // ODER_PRC; on a receipt the slot of a fill price
        return out.toString();
    }

    static String padded(long value, int width) {
        String digits = Long.toString(value);
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }

    /** {@code part ÷ whole} in percent with two decimals, cut; "0.00" when there is no whole. */
    static String percent(long part, long whole) {
        StringBuilder out = new StringBuilder();
        percent(out, part, whole);
        return out.toString();
    }

    /** 1 upper limit, 2 up, 3 level, 4 lower limit, 5 down. */
    static char sign(long price, long base, long upper, long lower) {
        if (price == upper) {
            return '1';
        }
        if (price == lower) {
            return '4';
        }
        return price > base ? '2' : price < base ? '5' : '3';
    }

    private static void sign(StringBuilder out, long price, long base, long upper, long lower) {
        out.append(sign(price, base, upper, lower)).append('^');
    }

    private static void versus(StringBuilder out, long price, long other) {
        out.append(price > other ? '2' : price < other ? '5' : '3').append('^');
        num(out, price - other);
    }

    private static void average(StringBuilder out, long amount, long qty) {
        // Won of a day reach 10^13, so 10^2 times that is far from the end of a long.
        decimal(out, qty == 0 ? 0 : amount * 100 / qty);
        out.append('^');
    }

    private static void hundredths(StringBuilder out, long part, long whole) {
        percent(out, part, whole);
        out.append('^');
    }

    private static void percent(StringBuilder out, long part, long whole) {
        // Shares of a day reach 10^10, so 10^4 times that is far from the end of a long.
        decimal(out, whole == 0 ? 0 : part * 10_000 / whole);
    }

    private static void decimal(StringBuilder out, long hundredths) {
        if (hundredths < 0) {
            out.append('-');
        }
        long positive = Math.abs(hundredths);
        out.append(positive / 100).append('.');
        out.append((char) ('0' + positive / 10 % 10)).append((char) ('0' + positive % 10));
    }

    private static void time(StringBuilder out, int time) {
        if (time < 100_000) {
            out.append(padded(time, 6));
        } else {
            out.append(time);
        }
        out.append('^');
    }

    private static void num(StringBuilder out, long value) {
        out.append(value).append('^');
    }

    private static void text(StringBuilder out, String value) {
        out.append(value).append('^');
    }
}
