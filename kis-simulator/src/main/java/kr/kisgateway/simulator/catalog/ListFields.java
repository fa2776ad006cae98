package kr.kisgateway.simulator.catalog;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A list whose rows are all known.
 *
 * @param listBlock the block of the list
 * @param rows their columns
 * @param others columns of the other blocks
 */
record ListFields(String listBlock, List<Map<String, String>> rows, Map<String, String> others) implements KnownFields {
    @Override
    public Optional<Integer> rows(String block) {
        return block.equals(listBlock) ? Optional.of(rows.size()) : Optional.empty();
    }

    @Override
    public Map<String, String> values(String block, int row) {
        return block.equals(listBlock) ? rows.get(row) : others;
    }
}
