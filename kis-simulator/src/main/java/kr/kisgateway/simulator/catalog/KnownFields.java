package kr.kisgateway.simulator.catalog;

import java.util.Map;
import java.util.Optional;

/** What is known of an answer; the table makes up the rest. */
public interface KnownFields {
    /** Nothing: the whole answer is made up. */
    KnownFields NONE = new KnownFields() {};

    /** How many rows the block has in all; empty when that is for the table to say. */
    default Optional<Integer> rows(String block) {
        return Optional.empty();
    }

    /** The thing that a row is about. */
    default Optional<String> code(String block, int row) {
        return Optional.empty();
    }

    /** Columns of a row, or of an object in row 0, by their names as the catalog spells them. */
    default Map<String, String> values(String block, int row) {
        return Map.of();
    }
}
