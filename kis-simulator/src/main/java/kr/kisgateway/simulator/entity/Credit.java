package kr.kisgateway.simulator.entity;

import java.time.LocalDate;
import java.util.Set;

/**
 * The loan of a credit order.
 *
 * @param type CRDT_TYPE: 21 and 23 borrow, 25 and 27 repay
 * @param date LOAN_DT
 * @param marginPercent the part of its price in percent that a buy pays itself
 */
public record Credit(String type, LocalDate date, long marginPercent) {
    private static final Set<String> BORROWING = Set.of("21", "23");
    private static final Set<String> REPAYING = Set.of("25", "27");
    private static final Set<String> KSFC = Set.of("23", "27");
    private static final Set<String> STOCK_BORROWING = Set.of("22", "24", "26", "28");

    /** Whether a buy may have this CRDT_TYPE. */
    public static boolean borrows(String type) {
        return BORROWING.contains(type);
    }

    /** Whether a sale may have it. */
    public static boolean repays(String type) {
        return REPAYING.contains(type);
    }

    /** Whether it borrows or returns shares (대주). */
    public static boolean isStockBorrowing(String type) {
        return STOCK_BORROWING.contains(type);
    }

    /** Whether the Korea Securities Finance Corporation lends (유통), and not the broker itself (자기). */
    public boolean isKsfc() {
        return KSFC.contains(type);
    }

    /** The broker's part of {@code amount}; the buyer's own part is rounded up. */
    public long lent(long amount) {
        return borrows(type) ? amount - own(amount) : 0;
    }

    /** The buyer's own part of {@code amount}. */
    public long own(long amount) {
        return Math.ceilDiv(Math.multiplyExact(amount, marginPercent), 100);
    }

    /** Its name in lists (자기융자, 유통융자). */
    public String lenderName() {
        return lenderName(isKsfc());
    }

    /** The name of a lender's loans in balances. */
    public static String lenderName(boolean ksfc) {
        return ksfc ? "유통융자" : "자기융자";
    }
}
