package kr.kisgateway.wire.print;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.ExecutionNotice.Kind;
import kr.kisgateway.wire.NoticeKey;

/**
 * Writes the data frames of a server with KIS's protocol: {@code <enc>|<TR>|<count>|<payload>}, records separated only
 * by another {@code ^}. Immutable; safe for any number of threads.
 */
public final class FramePrinter {
    private static final int RECORDS_MAX = 999;
    private final Layout layout;

    public FramePrinter(Layout layout) {
        this.layout = layout;
    }

    /** One {@code H0STCNT0} frame of 1 to 999 records. */
    public String trades(List<TapeRecord> records) {
        StringBuilder out = header("H0STCNT0", records.size());
        for (TapeRecord record : records) {
            trade(out, record);
        }
        return finish(out);
    }

    /** One {@code H0STASP0} frame of 1 to 999 records. */
    public String books(List<BookRecord> records) {
        StringBuilder out = header("H0STASP0", records.size());
        for (BookRecord record : records) {
            book(out, record);
        }
        return finish(out);
    }

    /** The fields of one notice, in clear. */
    public String notice(ExecutionNotice notice) {
        StringBuilder out = new StringBuilder(256);
        boolean fill = notice.kind() == Kind.FILL;
        text(out, notice.htsId());
        text(out, notice.account());
        padded(out, notice.odno(), 10);
        if (notice.originalOdno() == 0) {
            text(out, "");
        } else {
            padded(out, notice.originalOdno(), 10);
        }
        text(out, notice.side() == Side.SELL ? "01" : "02");
        number(out, notice.request().ordinal()); // 0 new, 1 modify, 2 cancel
        text(out, notice.ordDvsn());
        number(out, notice.condition().ordinal()); // 0 none, 1 IOC, 2 FOK
        text(out, notice.symbol().code());
        padded(out, notice.qty(), 10);
        padded(out, notice.price(), 9);
        padded(out, notice.timeOfDay(), 6);
        text(out, notice.kind() == Kind.REJECTED ? "1" : "0");
        text(out, fill ? "2" : "1");
        text(out, acceptance(notice.kind()));
        text(out, notice.orgNo());
        padded(out, notice.orderQty(), 9);
        text(out, notice.accountName());
        if (layout.notice() == 23) {
            text(out, notice.symbolName());
        } else {
            padded(out, notice.conditionPrice(), 9);
            text(
                    out,
                    notice.exchange()
                            .map(venue -> String.valueOf(venue.ordinal() + 1))
                            .orElse(""));
            text(out, notice.popup() ? "Y" : "N");
            text(out, ""); // FILLER
        }
        text(out, notice.creditClass());
        text(out, notice.loanDate());
        text(out, notice.symbolName());
        padded(out, notice.orderPrice(), 9);
        return finish(out);
    }

    /** The fields of one notice of an overseas order, in clear. */
    public String notice(OverseasNoticeRecord notice) {
        StringBuilder out = new StringBuilder(256);
        boolean fill = notice.kind() == Kind.FILL;
        text(out, notice.htsId()); // 0 CUST_ID
        text(out, notice.account()); // 1 ACNT_NO
        padded(out, notice.odno(), 10); // 2 ODER_NO
        if (notice.originalOdno() == 0) {
            text(out, ""); // 3 OODER_NO
        } else {
            padded(out, notice.originalOdno(), 10);
        }
        text(out, notice.side() == Side.SELL ? "01" : "02"); // 4 SELN_BYOV_CLS
        number(out, notice.request().ordinal()); // 5 RCTF_CLS: 0 new, 1 modify, 2 cancel
        code(out, notice.kindCode()); // 6 ODER_KIND2
        text(out, notice.ticker()); // 7 STCK_SHRN_ISCD
        padded(out, notice.qty(), 10); // 8 CNTG_QTY
        // The exchange's decimals without a decimal point.
        padded(out, notice.price(), 9); // 9 CNTG_UNPR
        padded(out, notice.timeOfDay(), 6); // 10 STCK_CNTG_HOUR
        text(out, notice.kind() == Kind.REJECTED ? "1" : "0"); // 11 RFUS_YN
        text(out, fill ? "2" : "1"); // 12 CNTG_YN
        text(out, acceptance(notice.kind())); // 13 ACPT_YN
        text(out, notice.orgNo()); // 14 BRNC_NO
        if (fill) {
            padded(out, notice.orderQty(), 9); // 15 ODER_QTY
        } else {
            text(out, "");
        }
        text(out, notice.accountName()); // 16 ACNT_NAME
        text(out, notice.symbolName()); // 17 CNTG_ISNM
        code(out, notice.exchangeCode()); // 18 ODER_COND
        text(out, "10"); // 19 DEBT_GB: cash
        text(out, ""); // 20 DEBT_DATE
        if (layout.overseasNotice() > 21) {
            text(out, ""); // 21 START_TM
            text(out, ""); // 22 END_TM
            text(out, ""); // 23 TM_DIV_TP
            padded(out, notice.price(), 12); // 24 CNTG_UNPR12
        }
        return finish(out);
    }

    /**
     * The encrypted frame KIS would send for {@code notice}; {@code trId} is {@code H0GSCNI0} live, {@code H0GSCNI9} paper.
     */
    public String encryptedNotice(String trId, OverseasNoticeRecord notice, NoticeKey key) {
        return "1|" + trId + "|001|" + key.encrypt(notice(notice));
    }

    /** The encrypted frame KIS would send for {@code notice}; {@code trId} is {@code H0STCNI0} live, {@code H0STCNI9} paper. */
    public String encryptedNotice(String trId, ExecutionNotice notice, NoticeKey key) {
        return "1|" + trId + "|001|" + key.encrypt(notice(notice));
    }

    /** A frame of any TR from raw values; every record must be as wide as the first. */
    public String frame(String trId, List<List<String>> records) {
        StringBuilder out = header(trId, records.size());
        for (List<String> record : records) {
            if (record.size() != records.getFirst().size()) {
                throw new IllegalArgumentException("records of different widths cannot share a frame");
            }
            record.forEach(value -> text(out, value));
        }
        return finish(out);
    }

    private void trade(StringBuilder out, TapeRecord record) {
        Trade trade = record.trade();
        long base = trade.price() - trade.change();
        text(out, trade.symbol().code()); // 0 MKSC_SHRN_ISCD
        padded(out, trade.timeOfDay(), 6); // 1 STCK_CNTG_HOUR
        number(out, trade.price()); // 2 STCK_PRPR
        code(out, record.sign()); // 3 PRDY_VRSS_SIGN
        number(out, trade.change()); // 4 PRDY_VRSS
        text(out, Percent.of(trade.change(), base)); // 5 PRDY_CTRT
        text(out, ratio(trade.turnover(), trade.volume())); // 6 WGHN_AVRG_STCK_PRC
        number(out, trade.open()); // 7 STCK_OPRC
        number(out, trade.high()); // 8 STCK_HGPR
        number(out, trade.low()); // 9 STCK_LWPR
        number(out, trade.ask()); // 10 ASKP1
        number(out, trade.bid()); // 11 BIDP1
        number(out, trade.qty()); // 12 CNTG_VOL
        number(out, trade.volume()); // 13 ACML_VOL
        number(out, trade.turnover()); // 14 ACML_TR_PBMN
        number(out, record.sellCount()); // 15 SELN_CNTG_CSNU
        number(out, record.buyCount()); // 16 SHNU_CNTG_CSNU
        number(out, record.buyCount() - record.sellCount()); // 17 NTBY_CNTG_CSNU
        text(out, Percent.of(record.buyQty(), record.sellQty())); // 18 CTTR
        number(out, record.sellQty()); // 19 SELN_CNTG_SMTN
        number(out, record.buyQty()); // 20 SHNU_CNTG_SMTN
        code(out, direction(trade.aggressor())); // 21 CCLD_DVSN
        text(out, Percent.of(record.buyQty(), record.buyQty() + record.sellQty())); // 22 SHNU_RATE
        text(out, Percent.of(trade.volume(), record.previousVolume())); // 23 PRDY_VOL_VRSS_ACML_VOL_RATE
        padded(out, record.openTime(), 6); // 24 OPRC_HOUR
        appendDifference(out, trade.price(), trade.open()); // 25, 26
        padded(out, record.highTime(), 6); // 27 HGPR_HOUR
        appendDifference(out, trade.price(), trade.high()); // 28, 29
        padded(out, record.lowTime(), 6); // 30 LWPR_HOUR
        appendDifference(out, trade.price(), trade.low()); // 31, 32
        padded(out, trade.businessDate(), 8); // 33 BSOP_DATE
        text(out, record.marketPhase()); // 34 NEW_MKOP_CLS_CODE
        text(out, record.halted() ? "Y" : "N"); // 35 TRHT_YN
        number(out, record.askQty()); // 36 ASKP_RSQN1
        number(out, record.bidQty()); // 37 BIDP_RSQN1
        number(out, record.totalAskQty()); // 38 TOTAL_ASKP_RSQN
        number(out, record.totalBidQty()); // 39 TOTAL_BIDP_RSQN
        text(out, Percent.of(trade.volume(), record.listedShares())); // 40 VOL_TNRT
        number(out, record.previousSameTimeVolume()); // 41 PRDY_SMNS_HOUR_ACML_VOL
        text(out, Percent.of(trade.volume(), record.previousSameTimeVolume())); // 42 …_RATE
        code(out, record.hourClass()); // 43 HOUR_CLS_CODE
        text(out, ""); // 44 MRKT_TRTM_CLS_CODE
        number(out, record.viPrice()); // 45 VI_STND_PRC
        if (layout.trade() > 46) {
            code(out, record.marketClass()); // 46 MARKET_CLS_CODE
        }
    }

    private void book(StringBuilder out, BookRecord record) {
        OrderBook book = record.book();
        text(out, book.symbol().code()); // 0 MKSC_SHRN_ISCD
        padded(out, book.timeOfDay(), 6); // 1 BSOP_HOUR
        code(out, record.hourClass()); // 2 HOUR_CLS_CODE
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            number(out, book.askPrice(level)); // 3–12 ASKP1–10
        }
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            number(out, book.bidPrice(level)); // 13–22 BIDP1–10
        }
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            number(out, book.askQty(level)); // 23–32 ASKP_RSQN1–10
        }
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            number(out, book.bidQty(level)); // 33–42 BIDP_RSQN1–10
        }
        number(out, book.totalAskQty()); // 43 TOTAL_ASKP_RSQN
        number(out, book.totalBidQty()); // 44 TOTAL_BIDP_RSQN
        number(out, 0); // 45 OVTM_TOTAL_ASKP_RSQN
        number(out, 0); // 46 OVTM_TOTAL_BIDP_RSQN
        number(out, record.expectedPrice()); // 47 ANTC_CNPR
        number(out, record.expectedQty()); // 48 ANTC_CNQN
        number(out, record.expectedVolume()); // 49 ANTC_VOL
        long difference = record.expectedPrice() == 0 ? 0 : record.expectedPrice() - record.base();
        number(out, difference); // 50 ANTC_CNTG_VRSS
        code(out, sign(difference)); // 51 ANTC_CNTG_VRSS_SIGN
        text(out, Percent.of(difference, record.base())); // 52 ANTC_CNTG_PRDY_CTRT
        number(out, record.volume()); // 53 ACML_VOL
        number(out, record.totalAskChange()); // 54 TOTAL_ASKP_RSQN_ICDC
        number(out, record.totalBidChange()); // 55 TOTAL_BIDP_RSQN_ICDC
        number(out, 0); // 56 OVTM_TOTAL_ASKP_ICDC
        number(out, 0); // 57 OVTM_TOTAL_BIDP_ICDC
        text(out, record.dealClass()); // 58 STCK_DEAL_CLS_CODE
        if (layout.book() == 60) {
            code(out, record.marketClass()); // 59 MARKET_CLS_CODE
        } else if (layout.book() == 62) {
            number(out, record.midPrice()); // 59 KMID_PRC
            number(out, record.midQty()); // 60 KMID_TOTAL_RSQN
            code(out, record.midClass()); // 61 KMID_CLS_CODE
        }
    }

    /** ACPT_YN: 1 accepted, 2 confirmed or filled, 3 the rest of an IOC or FOK order cancelled. */
    private static String acceptance(Kind kind) {
        return switch (kind) {
            case RECEIPT, REJECTED -> "1";
            case CONFIRMED, FILL -> "2";
            case REST_CANCELLED -> "3";
        };
    }

    private static char direction(char aggressor) {
        return switch (aggressor) {
            case 'B' -> '1';
            case 'S' -> '5';
            default -> '3';
        };
    }

    /** Sign and difference of the price against one of the day's prices. */
    private static void appendDifference(StringBuilder out, long price, long reference) {
        code(out, sign(price - reference));
        number(out, price - reference);
    }

    private static char sign(long difference) {
        return difference > 0 ? '2' : difference < 0 ? '5' : '3';
    }

    private static String ratio(long numerator, long denominator) {
        return denominator == 0 ? "0.00" : scaled(BigDecimal.valueOf(numerator), denominator);
    }

    private static String scaled(BigDecimal numerator, long denominator) {
        return numerator
                .divide(BigDecimal.valueOf(denominator), 2, RoundingMode.HALF_UP)
                .toPlainString();
    }

    private static StringBuilder header(String trId, int count) {
        if (count < 1 || count > RECORDS_MAX) {
            throw new IllegalArgumentException("a frame has 1 to " + RECORDS_MAX + " records, not " + count);
        }
        StringBuilder out =
                new StringBuilder(20 + count * 400).append("0|").append(trId).append('|');
        digits(out, count, 3);
        return out.append('|');
    }

    /** Every field is written with a trailing ^; the last one is removed. */
    private static String finish(StringBuilder out) {
        return out.substring(0, out.length() - 1);
    }

    private static void text(StringBuilder out, String value) {
        out.append(value).append('^');
    }

    private static void code(StringBuilder out, char value) {
        if (value != ' ') {
            out.append(value);
        }
        out.append('^');
    }

    private static void number(StringBuilder out, long value) {
        out.append(value).append('^');
    }

    private static void padded(StringBuilder out, long value, int width) {
        digits(out, value, width);
        out.append('^');
    }

    private static void digits(StringBuilder out, long value, int width) {
        String text = Long.toString(value);
        out.repeat('0', Math.max(0, width - text.length())).append(text);
    }
}
