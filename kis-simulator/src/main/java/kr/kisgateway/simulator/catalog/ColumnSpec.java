package kr.kisgateway.simulator.catalog;

import java.util.List;
import java.util.Locale;
import kr.kisgateway.wire.RestCall;

/**
 * A column with the properties that all its rows share: analysing its name takes longer than generating its value.
 *
 * @param name as it is sent
 * @param key in lower case
 * @param title the Korean one
 * @param kind of the prices in it
 */
record ColumnSpec(String name, String key, String title, Meaning meaning, PriceKind kind) {
    /**
     * Columns of one row, which is about {@code main}.
     *
     * @param series whether a list of such rows goes back in time
     * @param intraday whether such rows are of one day
     */
    record RowSpec(PriceKind main, boolean series, boolean intraday, List<ColumnSpec> cells) {
        static RowSpec of(List<RestCall.Column> columns, String category) {
            PriceKind main = PriceKind.of(columns, category);
            return new RowSpec(
                    main,
                    AnswerShapes.isSeries(columns),
                    AnswerShapes.isIntraday(columns),
                    columns.stream()
                            .map(column -> {
                                String key = column.name().toLowerCase(Locale.ROOT);
                                return new ColumnSpec(
                                        column.name(),
                                        key,
                                        column.nameKo(),
                                        Meaning.of(column),
                                        PriceKind.of(key, main));
                            })
                            .toList());
        }

        boolean has(Meaning meaning) {
            return cells.stream().anyMatch(cell -> cell.meaning() == meaning);
        }
    }
}
