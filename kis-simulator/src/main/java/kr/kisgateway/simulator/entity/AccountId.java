package kr.kisgateway.simulator.entity;

import java.util.Optional;
import java.util.regex.Pattern;

/** An account: 8 digits (CANO) and the 2 of its product (ACNT_PRDT_CD). {@code toString} shows two digits only. */
public record AccountId(String cano, String product) implements Comparable<AccountId> {
    private static final Pattern CANO = Pattern.compile("[0-9]{8}");
    private static final Pattern PRODUCT = Pattern.compile("[0-9]{2}");

    public static Optional<AccountId> parse(String cano, String product) {
        return CANO.matcher(cano).matches() && PRODUCT.matcher(product).matches()
                ? Optional.of(new AccountId(cano, product))
                : Optional.empty();
    }

    /** The ten digits as notices write them. */
    public String digits() {
        return cano + product;
    }

    /** Parses the ten digits of {@link #digits()}. */
    public static AccountId ofDigits(String digits) {
        return new AccountId(digits.substring(0, 8), digits.substring(8));
    }

    @Override
    public int compareTo(AccountId other) {
        return digits().compareTo(other.digits());
    }

    @Override
    public String toString() {
        return "******" + cano.substring(6);
    }
}
