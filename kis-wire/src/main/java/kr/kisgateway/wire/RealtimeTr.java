package kr.kisgateway.wire;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One realtime TR of the catalog.
 *
 * @param trId its id in the live environment
 * @param paperTrId its id in the paper environment, where one is known
 * @param id the catalog's own name
 * @param category for example {@code domestic_stock}
 * @param nameKo the portal's title
 * @param keyKind the kind of its tr_key
 * @param keyExample a key of the samples
 * @param encrypted whether its data come encrypted
 * @param columns the named columns in wire order; records on the wire may be wider
 * @param leading a column missing in the samples, with which a record starts when it has exactly one column more
 * @param paperRemark the alternative in the paper environment, where it is missing there and one is documented
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
        List<RestCall.Column> columns,
        Optional<RestCall.Column> leading,
        Optional<String> paperRemark) {

    /** Whether its key is the customer's HTS id and its data are about the customer's orders: exactly those that KIS encrypts. */
    public boolean isNotice() {
        return encrypted;
    }

    /** The columns' names in capitals, as the portal writes them. */
    public List<String> columnNames() {
        return columns.stream()
                .map(column -> column.name().toUpperCase(Locale.ROOT))
                .toList();
    }

    /** The names of the columns of a record of {@code width} values; later columns have none yet. */
    public List<String> columnNames(int width) {
        List<String> names = columnNames();
        return leading.filter(_ -> width == names.size() + 1)
                .map(first -> Stream.concat(Stream.of(first.name().toUpperCase(Locale.ROOT)), names.stream())
                        .toList())
                .orElse(names);
    }
}
