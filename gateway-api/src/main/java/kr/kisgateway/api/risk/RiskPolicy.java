package kr.kisgateway.api.risk;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.Range;
import kr.kisgateway.api.schema.Size;

/**
 * Limits in force. A restricted key sees only those that apply to it. | 현재 적용 중인 한도. 제한된 키에는 해당 키에 적용되는 한도만 보입니다.
 *
 * @param gateway Limits of the gateway's layer. | 게이트웨이 계층의 한도.
 * @param accounts Limits by account alias. | 계좌 별칭별 한도.
 * @param strategies Limits by strategy label. | 전략별 한도.
 * @param keys Limits by name of an API key. | API 키 이름별 한도.
 * @param guards Protections between an order and real money. | 실전 주문 보호 설정.
 * @param setBy Name of the API key whose call set the limits last; null while the configured limits are in force. |
 *     마지막으로 한도를 설정한 API 키 이름. 설정값의 한도가 적용 중이면 null.
 * @param setAt Time of that call; null while the configured limits are in force. | 설정 시각. 설정값의 한도가 적용 중이면 null.
 * @param warnings Probable mistakes, such as limits of a key that does not exist. | 잘못으로 보이는 설정. 예: 존재하지 않는 키의 한도.
 */
public record RiskPolicy(
        GatewayLimits gateway,
        Map<String, RiskLimits> accounts,
        Map<String, RiskLimits> strategies,
        Map<String, RiskLimits> keys,
        LiveGuards guards,
        Optional<String> setBy,
        Optional<OffsetDateTime> setAt,
        List<String> warnings) {

    /**
     * Limits of the gateway's layer, with null for each that is not set; the strictest of all layers applies. | 게이트웨이
     * 계층의 한도. 미설정 항목은 null 이며, 모든 계층 중 가장 엄격한 한도를 적용합니다.
     *
     * @param dailyOrders Accepted orders of an account, market and trading day; modifications are not counted; null
     *     when not set. | 계좌·시장·영업일별 주문 수. 정정은 제외합니다. 미설정 시 null.
     * @param maxQty Shares of one BUY order; null when not set. | 매수 주문 한 건의 수량(주). 미설정 시 null.
     * @param maxNotional Won of one BUY order of a Korean instrument; a market order counts at its upper limit price; null when not set. |
     *     매수 주문 한 건의 주문금액(원). 시장가는 상한가로 계산합니다. 미설정 시 null.
     * @param maxNotionalUsd Dollars of one BUY order of a US stock, four decimals at most; null when not set. | 미국 주식
     *     매수 주문 한 건의 주문금액(달러, 소수 4자리까지). 미설정 시 null.
     * @param dailyNotional Won that the BUY orders of a trading day of Korean instruments may cost together: what they have cost, and what may
     *     still fill at the price that bounds it; what is cancelled counts no more. | 국내 종목의 하루 매수 금액(원). 체결 금액과 미체결 주문의 최대 금액을 더하며, 취소된 부분은 제외합니다.
     * @param dailyNotionalUsd The same in dollars, of US stocks, four decimals at most. | 미국 주식의 하루 매수 금액(달러, 소수 4자리까지).
     * @param sellMaxQty Shares of one SELL order; null when not set. | 매도 주문 한 건의 수량(주). 미설정 시 null.
     * @param maxPosition Shares of one symbol that an account may hold after a BUY order; null when not set. | 매수 후
     *     종목별 최대 보유수량(주). 미설정 시 null.
     * @param maxPositionValue Won that the shares of one Korean symbol may be worth after a BUY order, at the order's price;
     *     null when not set. | 매수 후 종목별 최대 보유금액(원). 주문가격으로 계산합니다. 미설정 시 null.
     * @param maxPositionValueUsd Dollars that the shares of one US symbol may be worth after a BUY order, at the
     *     order's price; null when not set. | 미국 주식 매수 후 종목별 최대 보유금액(달러). 주문가격으로 계산합니다. 미설정 시 null.
     * @param dailyLoss Loss of the account since the last close, in won, from which on BUY orders are refused; null
     *     when not set. | 매수를 거부하는 당일 손실 기준(원, 전일 종가 대비). 미설정 시 null.
     * @param ordersPerSecond Orders and modifications of an account in any second; null when not set. | 계좌별 초당 주문·정정
     *     수. 미설정 시 null.
     * @param collarPct Percent, to two decimals, by which a BUY may be above and a SELL below the last price; null
     *     when not set. | 가격 괴리 제한(%, 소수 2자리까지). 매수는 현재가 위, 매도는 현재가 아래로 허용되는 비율. 미설정 시 null.
     * @param checkCash Whether a BUY must be covered by cash that earlier orders have not reserved; null when not
     *     set. | 매수를 기존 주문이 예약하지 않은 주문가능현금 이내로 제한하는지 여부. 미설정 시 null.
     * @param refuseManaged Whether a BUY of an issue under administration is refused; null when not set. | 관리종목 매수 거부
     *     여부. 미설정 시 null.
     * @param refuseWarned Whether a BUY of an issue with an investment warning or risk notice is refused; null when
     *     not set. | 투자경고·투자위험 종목 매수 거부 여부. 미설정 시 null.
     * @param refuseSelfCross Whether an order that could trade with an open order of the same account is refused;
     *     null when not set. | 같은 계좌의 미체결주문과 체결될 수 있는 주문(자전거래) 거부 여부. 미설정 시 null.
     * @param allow Symbols that may be ordered; an empty list allows none, null allows all. | 주문을 허용하는 종목. 빈 목록은 모두
     *     불허, null 은 제한 없음.
     * @param deny Symbols that may not be ordered; empty when there are none. | 주문을 금지하는 종목. 없으면 빈 목록.
     */
    public record GatewayLimits(
            @Range(min = 1) OptionalLong dailyOrders,
            @Range(min = 1) OptionalLong maxQty,
            @Range(min = 1) OptionalLong maxNotional,
            @Range(above = 0) Optional<BigDecimal> maxNotionalUsd,
            @Range(min = 1) OptionalLong dailyNotional,
            @Range(above = 0) Optional<BigDecimal> dailyNotionalUsd,
            @Range(min = 1) OptionalLong sellMaxQty,
            @Range(min = 1) OptionalLong maxPosition,
            @Range(min = 1) OptionalLong maxPositionValue,
            @Range(above = 0) Optional<BigDecimal> maxPositionValueUsd,
            @Range(min = 1) OptionalLong dailyLoss,
            @Range(min = 1) OptionalLong ordersPerSecond,
            @Range(above = 0) Optional<BigDecimal> collarPct,
            Optional<Boolean> checkCash,
            Optional<Boolean> refuseManaged,
            Optional<Boolean> refuseWarned,
            Optional<Boolean> refuseSelfCross,
            @Size(max = 4000) Optional<List<@AnySymbol String>> allow,
            @Size(max = 4000) List<@AnySymbol String> deny) {}

    /**
     * Protections between an order and real money. Settings decide them; no call changes them. | 실전 주문 보호 설정. 설정값으로만
     * 정하며 호출로 바꿀 수 없습니다.
     *
     * @param live Whether orders reach the real market. | 실제 시장에 주문하는지 여부.
     * @param liveTrading Whether real orders are allowed ({@code KIS_LIVE_TRADING}). | 실전투자 주문 허용
     *     여부(KIS_LIVE_TRADING).
     * @param liveAccounts Aliases of the accounts that may trade live ({@code KIS_LIVE_ACCOUNTS}); empty allows none.
     *     | 실전투자 주문을 허용하는 계좌 별칭(KIS_LIVE_ACCOUNTS). 비어 있으면 모두 불허.
     * @param readOnly Whether every order and modification is refused ({@code GATEWAY_READ_ONLY}); cancels pass. |
     *     신규·정정 주문을 모두 거부하는지 여부(GATEWAY_READ_ONLY). 취소는 가능합니다.
     * @param credit Whether buys on credit are allowed ({@code KIS_CREDIT}). | 신용융자 매수 허용 여부(KIS_CREDIT).
     */
    public record LiveGuards(
            boolean live, boolean liveTrading, List<String> liveAccounts, boolean readOnly, boolean credit) {}
}
