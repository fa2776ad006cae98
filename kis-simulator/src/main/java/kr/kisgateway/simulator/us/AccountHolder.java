package kr.kisgateway.simulator.us;

/** The owner of an account: the ten digits of CANO and ACNT_PRDT_CD. {@code toString} shows two of them. */
public record AccountHolder(String digits) implements Comparable<AccountHolder> {
    @Override
    public int compareTo(AccountHolder other) {
        return digits.compareTo(other.digits);
    }

    @Override
    public String toString() {
        return "******" + digits.substring(6, 8);
    }
}
