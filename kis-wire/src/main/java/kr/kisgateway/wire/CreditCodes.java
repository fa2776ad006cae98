package kr.kisgateway.wire;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.market.CreditType;

/** KIS's form of loans: {@code CRDT_TYPE} (신용유형) and {@code LOAN_DT} (대출일자). */
public final class CreditCodes {
    private static final Pattern DATE = Pattern.compile("[0-9]{8}");

    private CreditCodes() {}

    /** The {@code CRDT_TYPE} of an order. */
    public static String code(CreditType type) {
        return switch (type) {
            case SELF_LOAN_OPEN -> "21";
            case KSFC_LOAN_OPEN -> "23";
            case SELF_LOAN_REPAY -> "25";
            case KSFC_LOAN_REPAY -> "27";
        };
    }

    /** The loan of a {@code CRDT_TYPE}; empty for stock borrowing (대주: 22, 24, 26, 28) and for any other code. */
    public static Optional<CreditType> type(String code) {
        return Arrays.stream(CreditType.values())
                .filter(type -> code(type).equals(code))
                .findFirst();
    }

    /** The date of {@code yyyyMMdd}; empty for blank, zeros and what is no date. */
    public static Optional<LocalDate> date(String text) {
        String digits = text.strip();
        if (!DATE.matcher(digits).matches()) {
            return Optional.empty();
        }
        int date = Integer.parseInt(digits);
        try {
            return date == 0
                    ? Optional.empty()
                    : Optional.of(LocalDate.of(date / 10_000, date / 100 % 100, date % 100));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /** Whether KIS's name of a kind of trade (자기융자, 유통융자, 현금매수) says that the Korea Securities Finance Corporation lends. */
    public static boolean isKsfc(String tradeName) {
        return tradeName.contains("유통");
    }

    /** Whether that name says that shares were borrowed (대주). */
    public static boolean isStockBorrowing(String tradeName) {
        return tradeName.contains("대주");
    }
}
