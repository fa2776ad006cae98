package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A right of shares in an account that pays money, such as a dividend (기간별계좌권리현황조회, CTRGA011R).
 *
 * @param type KIS's code of the kind of right ({@code rght_type_cd})
 * @param recordDate who held the shares on this day gets it ({@code bass_dt})
 * @param code of the stock
 * @param qty shares held then ({@code cblc_qty})
 * @param amount whole won, before tax ({@code last_alct_amt})
 * @param tax whole won ({@code tax_amt})
 * @param payDay when it is paid ({@code cash_dfrm_dt})
 */
public record PaidRightRow(
        String type,
        LocalDate recordDate,
        String code,
        String name,
        long qty,
        long amount,
        long tax,
        Optional<LocalDate> payDay) {
    private static final Pattern PREFIXED = Pattern.compile("(?:0{5})?A([0-9A-Z]{6})");

    /** The rows of {@code output} that pay money: rights to shares alone are left out. */
    public static ParseResult<List<PaidRightRow>> parseAll(RestReply reply) {
        return ParseResult.of(() -> reply.rows("output").stream()
                .map(PaidRightRow::parse)
                .filter(right -> right.amount() > 0)
                .toList());
    }

    private static PaidRightRow parse(Row row) {
        return new PaidRightRow(
                row.textOr("rght_type_cd", ""),
                row.date("bass_dt"),
                code(row.textOr("shtn_pdno", row.textOr("pdno", ""))),
                row.textOr("prdt_name", ""),
                whole(row, "cblc_qty"),
                whole(row, "last_alct_amt"),
                whole(row, "tax_amt"),
                row.dateIfAny("cash_dfrm_dt"));
    }

    /** KIS writes a number with its product prefix in some answers: 00000A005930. */
    private static String code(String text) {
        var matcher = PREFIXED.matcher(text);
        return matcher.matches() ? matcher.group(1) : text;
    }

    /** KIS may write such figures with decimals. */
    private static long whole(Row row, String name) {
        return row.decimalOr(name, BigDecimal.ZERO)
                .setScale(0, RoundingMode.DOWN)
                .longValueExact();
    }
}
