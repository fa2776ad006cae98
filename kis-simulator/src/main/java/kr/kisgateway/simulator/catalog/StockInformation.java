package kr.kisgateway.simulator.catalog;

import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.market.Board;

/** The basic information of the requested stock as the exchange lists it: names, board, dates, shares, and whether it trades. */
record StockInformation(Optional<KrxListedStock> stock, boolean inKospi200) implements KnownFields {
    static StockInformation of(String code, MarketView market) {
        return new StockInformation(market.find(code), Rankings.kospi200(market).contains(code));
    }

    @Override
    public Map<String, String> values(String block, int row) {
        return stock.map(this::values).orElse(Map.of());
    }

    private Map<String, String> values(KrxListedStock listed) {
        var instrument = listed.instrument();
        var english = instrument.nameEn().orElse(instrument.name());
        var listedOn = instrument
                .listedOn()
                .map(DateTimeFormatter.BASIC_ISO_DATE::format)
                .orElse("");
        boolean onMainBoard = instrument.board() == Board.KOSPI;
        var faceValue = instrument.faceValue().orElse(0);
        var values = new HashMap<String, String>();
        values.put("mket_id_cd", code(listed.market()));
        values.put("scty_grp_id_cd", "ST");
        values.put("prdt_eng_name", english);
        values.put("prdt_eng_name120", english);
        values.put("prdt_eng_abrv_name", english);
        values.put("lstg_stqt", String.valueOf(instrument.listedShares()));
        values.put("papr", String.valueOf(faceValue));
        values.put("cpta", String.valueOf(faceValue * instrument.listedShares()));
        values.put("lstg_cptl_amt", String.valueOf(faceValue * instrument.listedShares()));
        values.put("kospi200_item_yn", yesNo(inKospi200));
        values.put("scts_mket_lstg_dt", onMainBoard ? listedOn : "");
        values.put("kosdaq_mket_lstg_dt", instrument.board() == Board.KOSDAQ ? listedOn : "");
        values.put("frbd_mket_lstg_dt", "");
        // Listed stocks only: nothing was delisted.
        values.put("scts_mket_lstg_abol_dt", "");
        values.put("kosdaq_mket_lstg_abol_dt", "");
        values.put("frbd_mket_lstg_abol_dt", "");
        values.put("lstg_abol_dt", "");
        values.put("admn_item_yn", "N");
        values.put("cptt_trad_tr_psbl_yn", yesNo(listed.onNxt()));
        values.put("nxt_tr_stop_yn", yesNo(listed.onNxt() && listed.halted()));
        values.put("tr_stop_yn", yesNo(listed.halted()));
        return values;
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
