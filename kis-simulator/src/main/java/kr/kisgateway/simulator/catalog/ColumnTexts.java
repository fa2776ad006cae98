package kr.kisgateway.simulator.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Values of columns whose name ends in "name", "text" and the like: {@code texts.tsv}. */
final class ColumnTexts {
    /** Read when the first such column is answered, not when the broker starts. */
    private static final class Loaded {
        static final Map<String, List<String>> BY_COLUMN = load();
    }

    private ColumnTexts() {}

    /** One of the column's texts; empty when the table does not have the column. */
    static Optional<String> of(String column, SeededDraw draw) {
        return Optional.ofNullable(Loaded.BY_COLUMN.get(column))
                .map(texts -> texts.get((int) draw.below(texts.size())));
    }

    private static Map<String, List<String>> load() {
        try (InputStream in = ColumnTexts.class.getResourceAsStream("texts.tsv")) {
            if (in == null) {
                throw new IllegalStateException("texts.tsv is missing");
            }
            Map<String, List<String>> texts = new HashMap<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .forEach(cells -> texts.put(cells[0], List.of(cells[1].split("\\|", -1))));
            return Map.copyOf(texts);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
