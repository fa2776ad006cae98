package kr.kisgateway.simulator.catalog;

import java.util.Map;
import java.util.Optional;

/** The board of the stock that is asked about, in the codes of its basic information (시장ID, 증권그룹ID). */
record Board(Optional<Listed> stock) implements Known {
    @Override
    public Map<String, String> values(String block, int row) {
        return stock.map(listed -> Map.of("mket_id_cd", code(listed.market()), "scty_grp_id_cd", "ST"))
                .orElse(Map.of());
    }

    private static String code(String market) {
        return switch (market) {
            case "KOSDAQ" -> "KSQ";
            case "KONEX" -> "KNX";
            default -> "STK";
        };
    }
}
