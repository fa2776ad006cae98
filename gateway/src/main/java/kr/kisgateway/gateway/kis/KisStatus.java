package kr.kisgateway.gateway.kis;

import java.util.Optional;
import kr.kisgateway.gateway.interruption.StockStatus;
import kr.kisgateway.gateway.risk.MarketFacts.Standing;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.parse.BadFieldException;
import kr.kisgateway.wire.parse.RealtimeRow;

/** Reads the records of H0STMKO0 (국내주식 장운영정보). */
final class KisStatus {
    private KisStatus() {}

    /**
     * What {@code row} says; empty when its first column is no symbol or the next neither Y nor N: a record whose columns have
     * moved is about no stock.
     *
     * @throws BadFieldException when a column is missing
     */
    static Optional<StockStatus> of(RealtimeRow row) {
        var halt = row.textOr("TRHT_YN", "N");
        if (!halt.equals("Y") && !halt.equals("N")) {
            return Optional.empty();
        }
        var standing = standing(halt.equals("Y"), row.textOr("ISCD_STAT_CLS_CODE", ""));
        return Symbol.parse(row.text("MKSC_SHRN_ISCD"))
                .map(symbol -> new StockStatus(
                        symbol,
                        standing == Standing.HALTED,
                        isOn(row.textOr("VI_CLS_CODE", "N")) || isOn(row.textOr("OVTM_VI_CLS_CODE", "N")),
                        standing,
                        row.textOr("MKOP_CLS_CODE", "")));
    }

    /** KIS documents Y and N, and the same of REST calls is a figure; whatever else comes is none. */
    static boolean isOn(String viCode) {
        return switch (viCode) {
            case "", "N", "0" -> false;
            default -> true;
        };
    }

    /** {@code iscd_stat_cls_code}: one figure for several marks, the gravest of them [assumed]. */
    static Standing standing(boolean halted, String code) {
        if (halted) {
            return Standing.HALTED;
        }
        return switch (code) {
            case "" -> Standing.UNKNOWN;
            case "58" -> Standing.HALTED;
            case "51" -> Standing.MANAGED;
            case "52", "53" -> Standing.WARNED;
            default -> Standing.NORMAL;
        };
    }
}
