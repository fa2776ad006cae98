package kr.kisgateway.simulator.catalog;

import java.util.Map;
import java.util.Optional;

/** The board of the requested stock in the codes of its basic information: where it is listed, and whether it trades. */
record BoardCodes(Optional<KrxListedStock> stock) implements KnownFields {
    @Override
    public Map<String, String> values(String block, int row) {
        return stock.map(listed -> Map.of(
                        "mket_id_cd", code(listed.market()),
                        "scty_grp_id_cd", "ST",
                        "cptt_trad_tr_psbl_yn", yesNo(listed.onNxt()),
                        "nxt_tr_stop_yn", yesNo(listed.onNxt() && listed.halted()),
                        "tr_stop_yn", yesNo(listed.halted())))
                .orElse(Map.of());
    }

    private static String yesNo(boolean yes) {
        return yes ? "Y" : "N";
    }

    private static String code(String market) {
        return switch (market) {
            case "KOSDAQ" -> "KSQ";
            case "KONEX" -> "KNX";
            default -> "STK";
        };
    }
}
