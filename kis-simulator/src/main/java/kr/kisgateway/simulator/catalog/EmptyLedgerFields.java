package kr.kisgateway.simulator.catalog;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import kr.kisgateway.simulator.catalog.ColumnSpec.RowSpec;
import kr.kisgateway.wire.RestCall;
import kr.kisgateway.wire.RestCall.Block;

/**
 * The answer of an account without entries for the request: lists without rows, sums of zero, blank texts, beside the fields
 * that the ledger fills.
 */
final class EmptyLedgerFields implements KnownFields {
    /** Lists that are one row of sums, whatever the account contains. */
    private static final Set<String> SUMS = Set.of(
            "domestic_futureoption_ngt_margin_detail output1",
            "domestic_futureoption_ngt_margin_detail output2",
            "domestic_stock_pension_inquire_present_balance output2",
            "overseas_futureoption_inquire_deposit output",
            "overseas_futureoption_inquire_psamount output");

    private final RestCall call;
    private final KnownFields fields;
    private final Function<Block, RowSpec> specs;
    /** By block: a list has many rows. */
    private final Map<String, Map<String, String>> empty = new HashMap<>();

    /** Of an account for which the ledger fills nothing. */
    EmptyLedgerFields(RestCall call) {
        this(call, KnownFields.NONE, block -> RowSpec.of(block.columns(), call.category()));
    }

    /**
     * @param fields blocks and columns that the ledger fills
     * @param specs what the columns of a block mean
     */
    EmptyLedgerFields(RestCall call, KnownFields fields, Function<Block, RowSpec> specs) {
        this.call = call;
        this.fields = fields;
        this.specs = specs;
    }

    @Override
    public Optional<Integer> rows(String block) {
        return fields.rows(block).or(() -> Optional.of(SUMS.contains(call.id() + ' ' + block) ? 1 : 0));
    }

    @Override
    public Optional<String> code(String block, int row) {
        return fields.code(block, row);
    }

    @Override
    public Map<String, String> values(String block, int row) {
        Map<String, String> values = new HashMap<>(empty.computeIfAbsent(block, this::emptyValues));
        values.putAll(fields.values(block, row));
        return values;
    }

    private Map<String, String> emptyValues(String block) {
        Map<String, String> values = new HashMap<>();
        call.outputs().stream()
                .filter(each -> each.name().equals(block))
                .flatMap(each -> specs.apply(each).cells().stream())
                .forEach(column -> emptyValue(column.meaning()).ifPresent(text -> values.put(column.name(), text)));
        return values;
    }

    /** The value of a column of that meaning without entries; empty where it echoes the request or is the same for all accounts. */
    private static Optional<String> emptyValue(Meaning meaning) {
        return switch (meaning) {
            case AMOUNT,
                    SIGNED_AMOUNT,
                    QUANTITY,
                    SIGNED_QUANTITY,
                    COUNT,
                    UNIT_PRICE,
                    VOLUME,
                    TURNOVER,
                    LAST,
                    PREVIOUS,
                    CHANGE -> Optional.of("0");
            case RATE, DECIMAL, CHANGE_PERCENT, AGAINST_PERCENT -> Optional.of("0.00");
            case STOCK_NAME,
                    ENGLISH_NAME,
                    SIDE_NAME,
                    TEXT,
                    BLANK,
                    CODE,
                    ORDER_NUMBER,
                    SIDE,
                    PAST_DATE,
                    FUTURE_DATE,
                    DATE_TIME,
                    TIME -> Optional.of("");
            case YES_NO -> Optional.of("N");
            case MEMBER_NAME,
                    INDUSTRY_NAME,
                    MARKET_NAME,
                    CURRENCY_NAME,
                    COUNTRY_NAME,
                    ACCOUNT_NAME,
                    TITLE,
                    SIGN,
                    ISIN,
                    REALTIME_KEY,
                    INDEX_CODE,
                    CURRENCY,
                    COUNTRY,
                    EXCHANGE,
                    BRANCH,
                    ACCOUNT_NUMBER,
                    ACCOUNT_PRODUCT,
                    MEMBER_NUMBER,
                    PRODUCT_TYPE,
                    CODE_WORD,
                    NUMBER,
                    ROW_DATE,
                    YEAR_MONTH,
                    MONTH,
                    ASK,
                    BID,
                    ASK_QUANTITY,
                    BID_QUANTITY,
                    TOTAL_ASK,
                    TOTAL_BID,
                    OPEN,
                    HIGH,
                    LOW,
                    UPPER,
                    LOWER,
                    YEAR_HIGH,
                    YEAR_LOW,
                    AGAINST,
                    TICK,
                    LISTED_SHARES,
                    DECIMALS,
                    GREEK,
                    EXCHANGE_RATE,
                    RANK,
                    BOOK_CHANGE,
                    BOOK_NET -> Optional.empty();
        };
    }
}
