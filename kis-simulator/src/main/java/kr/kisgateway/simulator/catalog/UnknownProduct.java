package kr.kisgateway.simulator.catalog;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.wire.RestCall;
import kr.kisgateway.wire.RestCall.Block;

/**
 * The answer about a stock, an index or an industry that does not exist: a success without rows and with figures of zero, as
 * KIS answers for the price of an unknown stock; for the other calls it is [assumed].
 */
public record UnknownProduct(RestCall call) implements KnownFields {
    private static final String INDICES = "U";
    private static final String ALL = "0000";
    private static final Pattern CODE = Pattern.compile("[0-9]{4}");

    /** Whether a request is about one index that no list contains. */
    static boolean isIndexRequested(CatalogRequest request) {
        String code = request.param("FID_INPUT_ISCD");
        return request.param("FID_COND_MRKT_DIV_CODE").equals(INDICES)
                && CODE.matcher(code).matches()
                && !code.equals(ALL)
                && !Indices.isIndex(code);
    }

    @Override
    public Optional<Integer> rows(String block) {
        return Optional.of(0);
    }

    @Override
    public Map<String, String> values(String block, int row) {
        Map<String, String> values = new HashMap<>();
        call.outputs().stream()
                .filter(each -> each.name().equals(block))
                .map(Block::columns)
                .forEach(columns -> columns.forEach(
                        column -> values.put(column.name(), Meaning.of(column) == Meaning.SIGN ? Quote.sign(0) : "0")));
        values.putAll(new EmptyLedgerFields(call).values(block, row));
        return values;
    }
}
