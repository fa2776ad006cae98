package kr.kisgateway.api.portfolio;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.session.Blocker;

/**
 * A configured account. | 설정된 계좌.
 *
 * @param accountId Alias of the account; its number is never answered. | 계좌 별칭. 계좌번호는 제공하지 않습니다.
 * @param product Product code of the account, two digits (KIS's {@code ACNT_PRDT_CD}). | 계좌상품코드 2자리
 *     ({@code ACNT_PRDT_CD}).
 * @param productName Korean name of the product, as 위탁; null for a code without a known one. | 상품명. 예: 위탁. 알 수 없는 코드는
 *     null.
 * @param environment Environment: sim (simulator), mock (paper trading) or live. | 환경. sim 시뮬레이터, mock 모의투자, live 실전투자.
 * @param currency Currency of its balances. | 예수금의 통화.
 * @param trading Whether it can trade. | 주문 가능 상태.
 */
public record Account(
        String accountId,
        String product,
        Optional<String> productName,
        @OneOf({"sim", "mock", "live"}) String environment,
        @OneOf("KRW") String currency,
        AccountTrading trading) {

    /**
     * Whether orders of an account may be placed, and what blocks them. | 계좌의 주문 가능 상태와 거래 차단 사유.
     *
     * @param canTrade Whether orders may be placed: true without blockers. The limits of orders apply beyond that, and live
     *     the recorded dry run. | 주문 가능 여부. 거래 차단 사유가 없으면 true. 주문 한도와 실전투자의 모의 확인(dry run)은 별도로 적용됩니다.
     * @param blockerReasons Current blockers of this account; empty when it can trade. | 이 계좌의 현재 거래 차단 사유. 주문 가능하면 빈
     *     목록.
     */
    public record AccountTrading(boolean canTrade, List<@Blocker String> blockerReasons) {}
}
