package kr.kisgateway.wire;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One realtime TR of the catalog.
 *
 * @param trId its id in the live environment
 * @param paperTrId its id in the paper environment, where the samples know one
 * @param id the catalog's own name
 * @param category for example {@code domestic_stock}
 * @param nameKo the portal's title
 * @param keyKind what its tr_key is
 * @param keyExample a key of the samples
 * @param encrypted whether its data come encrypted
 * @param columns the named columns in wire order; records on the wire may be wider
 */
public record RealtimeTr(
        String trId,
        Optional<String> paperTrId,
        String id,
        String category,
        String nameKo,
        String keyKind,
        Optional<String> keyExample,
        boolean encrypted,
        List<RestCall.Column> columns) {

    /** The columns' names in capitals, as the portal writes them. */
    public List<String> columnNames() {
        return columns.stream()
                .map(column -> column.name().toUpperCase(Locale.ROOT))
                .toList();
    }
}
