package kr.kisgateway.wire.parse;

import java.util.ArrayList;
import java.util.List;

/** The names of H0STASP0's columns as far as they are read, to report a bad one. */
final class BookColumns {
    static final List<String> NAMES = names();

    private BookColumns() {}

    private static List<String> names() {
        List<String> names = new ArrayList<>(List.of("MKSC_SHRN_ISCD", "BSOP_HOUR", "HOUR_CLS_CODE"));
        for (String family : List.of("ASKP", "BIDP", "ASKP_RSQN", "BIDP_RSQN")) {
            for (int level = 1; level <= 10; level++) {
                names.add(family + level);
            }
        }
        names.addAll(List.of("TOTAL_ASKP_RSQN", "TOTAL_BIDP_RSQN"));
        return List.copyOf(names);
    }
}
