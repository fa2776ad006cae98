package kr.kisgateway.api.operations;

import java.time.LocalDate;
import java.util.List;

/**
 * The report of a day until now. | 오늘 현재까지의 일일 보고.
 *
 * @param date Day in Korea. | 한국 날짜.
 * @param accounts The accounts that the caller may use. | 사용할 수 있는 계좌.
 */
public record DayReport(LocalDate date, List<Account> accounts) {
    /**
     * An account. | 계좌 하나.
     *
     * @param accountId Alias of the account. | 계좌 별칭.
     * @param text Orders, fills, amounts, realised profit, what is open and in doubt, and alerts, a line each. | 주문, 체결, 금액,
     *     실현손익, 미체결, 결과 불명, 경보를 한 줄씩.
     */
    public record Account(String accountId, String text) {}
}
