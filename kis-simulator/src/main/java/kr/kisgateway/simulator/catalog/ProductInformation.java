package kr.kisgateway.simulator.catalog;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The known fields of a product requested by its code: a foreign one is echoed as requested. */
record ProductInformation(CatalogRequest question) implements KnownFields {
    private static final List<String> DOMESTIC_TYPES = List.of("300", "301", "302");

    @Override
    public Map<String, String> values(String block, int row) {
        String code = question.param("PDNO");
        // Its ISIN is not available.
        return DOMESTIC_TYPES.contains(question.param("PRDT_TYPE_CD"))
                ? Map.of()
                : Stream.of(
                                "std_pdno",
                                "shtn_pdno",
                                "prdt_name",
                                "prdt_name120",
                                "prdt_abrv_name",
                                "prdt_eng_name",
                                "prdt_eng_name120",
                                "prdt_eng_abrv_name")
                        .collect(
                                Collectors.toMap(Function.identity(), column -> column.equals("std_pdno") ? "" : code));
    }
}
