package kr.kisgateway.simulator.catalog;

import java.util.Map;
import java.util.Optional;

/** The fields of an answer that market or ledger supply; the table makes up the rest. */
public interface KnownFields {
    /** No field: the whole answer is made up. */
    KnownFields NONE = new KnownFields() {};

    /** The total number of rows of a block; empty when the table decides. */
    default Optional<Integer> rows(String block) {
        return Optional.empty();
    }

    /** The code of the product of a row. */
    default Optional<String> code(String block, int row) {
        return Optional.empty();
    }

    /** Columns of a row, or of an object in row 0, by their names as the catalog spells them. */
    default Map<String, String> values(String block, int row) {
        return Map.of();
    }
}
