package kr.kisgateway.simulator.catalog;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A list about given stocks, in the given order. */
record MultiRow(List<String> codes) implements KnownFields {
    private static final int MAX_CODES = 30;

    /** The stocks of a call with up to thirty codes. */
    static MultiRow of(CatalogRequest request) {
        return new MultiRow(IntStream.rangeClosed(1, MAX_CODES)
                .mapToObj(i -> request.param("FID_INPUT_ISCD_" + i))
                .filter(code -> !code.isEmpty())
                .toList());
    }

    @Override
    public Optional<Integer> rows(String block) {
        return Optional.of(codes.size());
    }

    @Override
    public Optional<String> code(String block, int row) {
        return Optional.of(codes.get(row));
    }

    @Override
    public Map<String, String> values(String block, int row) {
        return Map.of("data_rank", Integer.toString(row + 1));
    }
}
