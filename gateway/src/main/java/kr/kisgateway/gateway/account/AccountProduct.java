package kr.kisgateway.gateway.account;

import java.util.Optional;
import java.util.stream.Stream;

/** The product of an account (계좌상품코드): the last two digits of its number. */
public enum AccountProduct {
    BROKERAGE("01", "위탁"),
    FUTURES("03", "국내선물옵션"),
    OVERSEAS_FUTURES("08", "해외선물옵션"),
    PENSION("22", "개인연금"),
    RETIREMENT("29", "퇴직연금");

    private final String code;
    private final String koreanName;

    AccountProduct(String code, String koreanName) {
        this.code = code;
        this.koreanName = koreanName;
    }

    /** The product with this code of two digits; empty for an unknown one. */
    public static Optional<AccountProduct> of(String code) {
        return Stream.of(values()).filter(it -> it.code.equals(code)).findFirst();
    }

    public String koreanName() {
        return koreanName;
    }
}
