package kr.kisgateway.simulator.broker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.simulator.catalog.KnownFields;

/** Known fields of an answer as blocks of rows, each row by its columns; an object is a block of one row. */
final class BlockRows implements KnownFields {
    private final Map<String, List<Map<String, String>>> blocks = new HashMap<>();
    private final Map<String, List<String>> codes = new HashMap<>();

    BlockRows list(String block, List<Map<String, String>> rows) {
        blocks.put(block, rows);
        return this;
    }

    BlockRows object(String block, Map<String, String> columns) {
        return list(block, List.of(columns));
    }

    /** Adds a list whose rows are about these tickers. */
    BlockRows withCodes(String block, List<String> tickers) {
        codes.put(block, tickers);
        return this;
    }

    @Override
    public Optional<Integer> rows(String block) {
        return Optional.ofNullable(blocks.get(block))
                .map(List::size)
                .or(() -> Optional.ofNullable(codes.get(block)).map(List::size));
    }

    @Override
    public Optional<String> code(String block, int row) {
        return Optional.ofNullable(codes.get(block)).map(all -> all.get(row));
    }

    @Override
    public Map<String, String> values(String block, int row) {
        List<Map<String, String>> rows = blocks.getOrDefault(block, List.of());
        return row < rows.size() ? rows.get(row) : Map.of();
    }
}
