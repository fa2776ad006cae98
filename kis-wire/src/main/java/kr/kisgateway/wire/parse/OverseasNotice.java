package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.util.Optional;
import kr.kisgateway.market.Side;
import kr.kisgateway.wire.ExecutionNotice;

/**
 * One execution notice of an overseas order (해외주식 실시간체결통보, {@code H0GSCNI0} live, {@code H0GSCNI9} paper), read from
 * its row by {@link #of}.
 *
 * @param account ten digits, CANO and product code ({@code ACNT_NO}); a notice may be about an account that is not ours
 * @param odno the order's number ({@code ODER_NO}), to be compared as an integer
 * @param originalOdno the number that a modify or cancel replaces ({@code OODER_NO}); 0 for a new order
 * @param side buy or sell
 * @param request new, modify or cancel ({@code RCTF_CLS})
 * @param kind the event
 * @param symbol the code at its exchange ({@code STCK_SHRN_ISCD})
 * @param exchange listing exchange ({@code ODER_COND}); empty for an undocumented one
 * @param qty of a fill: this fill's shares, not cumulative; otherwise the request's shares ({@code CNTG_QTY})
 * @param price of a fill: this fill's price; otherwise the request's, in the exchange's currency ({@code CNTG_UNPR}, in which
 *     KIS writes no decimal point: its position follows from the exchange; if one is written, it applies); empty when
 *     neither is available
 * @param orderQty the order's shares ({@code ODER_QTY}); 0 when absent
 * @param timeOfDay as {@code HHmmss}; empty where the exchange sends none
 * @param orgNo the branch number ({@code BRNC_NO}), needed to cancel
 */
public record OverseasNotice(
        String account,
        long odno,
        long originalOdno,
        Side side,
        ExecutionNotice.Request request,
        ExecutionNotice.Kind kind,
        String symbol,
        Optional<Exchange> exchange,
        long qty,
        Optional<BigDecimal> price,
        long orderQty,
        Optional<String> timeOfDay,
        String orgNo) {

    /** The listing exchange of a stock, with the decimals of its prices in a notice. */
    public enum Exchange {
        HONG_KONG_HKD('4', 3),
        SHANGHAI_B('5', 3),
        NASDAQ('6', 4),
        NYSE('7', 4),
        AMEX('8', 4),
        OTC('9', 4),
        SHANGHAI_A('A', 3),
        SHENZHEN_B('B', 3),
        HONG_KONG_CNY('C', 3),
        TOKYO('D', 1),
        HANOI('E', 0),
        HO_CHI_MINH('F', 0);

        private final char code;
        private final int decimals;

        Exchange(char code, int decimals) {
            this.code = code;
            this.decimals = decimals;
        }

        /** The number of decimals of a price. */
        public int decimals() {
            return decimals;
        }

        private static Optional<Exchange> of(String code) {
            for (Exchange each : values()) {
                if (code.length() == 1 && code.charAt(0) == each.code) {
                    return Optional.of(each);
                }
            }
            return Optional.empty();
        }
    }

    /** Whether {@code row} is such a notice. */
    public static boolean isNotice(RealtimeRow row) {
        return row.trId().equals("H0GSCNI0") || row.trId().equals("H0GSCNI9");
    }

    /** The notice in {@code row}; bad where money would depend on a guess: side, request, kind, a number. */
    public static ParseResult<OverseasNotice> of(RealtimeRow row) {
        return ParseResult.of(() -> read(row));
    }

    private static OverseasNotice read(RealtimeRow row) {
        Optional<Exchange> exchange = Exchange.of(row.text("ODER_COND"));
        long odno = row.shares("ODER_NO");
        if (odno == 0) {
            throw bad(row, "ODER_NO");
        }
        String time = row.text("STCK_CNTG_HOUR");
        return new OverseasNotice(
                row.text("ACNT_NO"),
                odno,
                row.sharesOr("OODER_NO", 0),
                side(row),
                request(row),
                kind(row),
                row.text("STCK_SHRN_ISCD"),
                exchange,
                row.sharesOr("CNTG_QTY", 0),
                price(row, exchange),
                row.sharesOr("ODER_QTY", 0),
                time.isEmpty() ? Optional.empty() : Optional.of(time),
                row.text("BRNC_NO"));
    }

    private static Optional<BigDecimal> price(RealtimeRow row, Optional<Exchange> exchange) {
        if (row.text("CNTG_UNPR").contains(".")) {
            return Optional.of(row.decimal("CNTG_UNPR"));
        }
        long digits = row.sharesOr("CNTG_UNPR", 0);
        return exchange.map(it -> BigDecimal.valueOf(digits, it.decimals()));
    }

    private static Side side(RealtimeRow row) {
        return switch (row.text("SELN_BYOV_CLS")) {
            case "01" -> Side.SELL;
            case "02" -> Side.BUY;
            default -> throw bad(row, "SELN_BYOV_CLS");
        };
    }

    private static ExecutionNotice.Request request(RealtimeRow row) {
        return switch (row.text("RCTF_CLS")) {
            case "0" -> ExecutionNotice.Request.NEW;
            case "1" -> ExecutionNotice.Request.MODIFY;
            case "2" -> ExecutionNotice.Request.CANCEL;
            default -> throw bad(row, "RCTF_CLS");
        };
    }

    private static ExecutionNotice.Kind kind(RealtimeRow row) {
        boolean refused = switch (row.text("RFUS_YN")) {
            case "", "0", "N" -> false;
            case "1", "Y" -> true;
            default -> throw bad(row, "RFUS_YN");
        };
        String filled = row.text("CNTG_YN");
        if (filled.equals("2") && !refused) {
            return ExecutionNotice.Kind.FILL;
        }
        if (!filled.equals("1")) {
            throw bad(row, "CNTG_YN");
        }
        if (refused) {
            return ExecutionNotice.Kind.REJECTED;
        }
        return switch (row.text("ACPT_YN")) {
            case "1" -> ExecutionNotice.Kind.RECEIPT;
            case "2" -> ExecutionNotice.Kind.CONFIRMED;
            case "3" -> ExecutionNotice.Kind.REST_CANCELLED;
            default -> throw bad(row, "ACPT_YN");
        };
    }

    private static BadFieldException bad(RealtimeRow row, String column) {
        return new BadFieldException(column, row.text(column));
    }

    /** The event with two digits of the account. */
    @Override
    public String toString() {
        String lastTwo = account.length() < 2 ? "" : account.substring(account.length() - 2);
        return "OverseasNotice[" + kind + " " + request + " " + side + " " + symbol + " " + qty + "@"
                + price.map(BigDecimal::toPlainString).orElse("?") + " odno=" + odno + " originalOdno=" + originalOdno
                + " account=***" + lastTwo + "]";
    }
}
