package kr.kisgateway.client;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An account at KIS.
 *
 * @param cano 종합계좌번호, eight digits ({@code CANO})
 * @param productCode 계좌상품코드, two digits ({@code ACNT_PRDT_CD}); 01 is the ordinary stock account
 */
public record AccountNumber(String cano, String productCode) {
    private static final Pattern FORM = Pattern.compile("([0-9]{8})-?([0-9]{2})");

    public AccountNumber {
        if (!FORM.matcher(cano + productCode).matches() || cano.length() != 8) {
            throw new IllegalArgumentException("an account number is eight digits and a two-digit product code");
        }
    }

    /** Reads {@code 12345678-01} or {@code 1234567801}; empty when the form is wrong. */
    public static Optional<AccountNumber> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches() ? Optional.of(new AccountNumber(form.group(1), form.group(2))) : Optional.empty();
    }

    /** The ten digits as execution notices carry them ({@code ACNT_NO}). */
    public String digits() {
        return cano + productCode;
    }

    /** Shows two digits only. */
    @Override
    public String toString() {
        return cano.substring(0, 2) + "******-**";
    }
}
