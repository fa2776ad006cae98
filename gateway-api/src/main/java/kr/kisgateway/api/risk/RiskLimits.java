package kr.kisgateway.api.risk;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.AcceptsNull;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.Range;
import kr.kisgateway.api.schema.Size;

/**
 * Limits of one layer, each inclusive. A limit that is left out or null is not set by the layer; the strictest of all
 * layers applies. | 한 계층의 한도(한도값 포함). 생략하거나 null 이면 이 계층에서 설정하지 않은 것이며, 모든 계층 중 가장 엄격한 한도를 적용합니다.
 *
 * @param dailyOrders Accepted orders of an account, market and trading day; modifications are not counted. |
 *     계좌·시장·영업일별 주문 수. 정정은 제외합니다.
 * @param maxQty Shares of one BUY order. | 매수 주문 한 건의 수량(주).
 * @param maxNotional Won of one BUY order of a Korean instrument; a market order counts at its upper limit price. | 매수 주문 한 건의 주문금액(원). 시장가는
 *     상한가로 계산합니다.
 * @param maxNotionalUsd Dollars of one BUY order of a US stock, four decimals at most. | 미국 주식 매수 주문 한 건의 주문금액(달러, 소수
 *     4자리까지).
 * @param dailyNotional Won that the BUY orders of a trading day of Korean instruments may cost together: what they have cost, and what may still fill at
 *     the price that bounds it; what is cancelled counts no more. | 국내 종목의 하루 매수 금액(원). 체결 금액과 미체결 주문의 최대 금액을 더하며, 취소된 부분은 제외합니다.
 * @param dailyNotionalUsd The same in dollars, of US stocks, four decimals at most. | 미국 주식의 하루 매수 금액(달러, 소수 4자리까지).
 * @param sellMaxQty Shares of one SELL order. | 매도 주문 한 건의 수량(주).
 * @param maxPosition Shares of one symbol that an account may hold after a BUY order. | 매수 후 종목별 최대 보유수량(주).
 * @param maxPositionValue Won that the shares of one Korean symbol may be worth after a BUY order, at the order's price. |
 *     매수 후 종목별 최대 보유금액(원). 주문가격으로 계산합니다.
 * @param maxPositionValueUsd Dollars that the shares of one US symbol may be worth after a BUY order, at the order's
 *     price. | 미국 주식 매수 후 종목별 최대 보유금액(달러). 주문가격으로 계산합니다.
 * @param dailyLoss Loss of the account since the last close, in won, from which on BUY orders are refused. | 매수를 거부하는
 *     당일 손실 기준(원, 전일 종가 대비).
 * @param ordersPerSecond Orders and modifications of an account in any second. | 계좌별 초당 주문·정정 수.
 * @param collarPct Percent, to two decimals, by which a BUY may be above and a SELL below the last price. | 가격 괴리
 *     제한(%, 소수 2자리까지). 매수는 현재가 위, 매도는 현재가 아래로 허용되는 비율.
 * @param checkCash Whether a BUY must be covered by cash that earlier orders have not reserved. | 매수를 기존 주문이 예약하지 않은
 *     주문가능현금 이내로 제한하는지 여부.
 * @param refuseManaged Whether a BUY of an issue under administration is refused. | 관리종목 매수 거부 여부.
 * @param refuseWarned Whether a BUY of an issue with an investment warning or risk notice is refused. | 투자경고·투자위험 종목
 *     매수 거부 여부.
 * @param refuseSelfCross Whether an order that could trade with an open order of the same account is refused. | 같은
 *     계좌의 미체결주문과 체결될 수 있는 주문(자전거래) 거부 여부.
 * @param allow Symbols that may be ordered; an empty list allows none. | 주문을 허용하는 종목. 빈 목록은 모두 불허.
 * @param deny Symbols that may not be ordered. | 주문을 금지하는 종목.
 */
@AcceptsNull
public record RiskLimits(
        @Range(min = 1) @OmittedWhenEmpty OptionalLong dailyOrders,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong maxQty,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong maxNotional,
        @Range(above = 0) @OmittedWhenEmpty Optional<BigDecimal> maxNotionalUsd,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong dailyNotional,
        @Range(above = 0) @OmittedWhenEmpty Optional<BigDecimal> dailyNotionalUsd,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong sellMaxQty,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong maxPosition,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong maxPositionValue,
        @Range(above = 0) @OmittedWhenEmpty Optional<BigDecimal> maxPositionValueUsd,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong dailyLoss,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong ordersPerSecond,
        @Range(above = 0) @OmittedWhenEmpty Optional<BigDecimal> collarPct,
        @OmittedWhenEmpty Optional<Boolean> checkCash,
        @OmittedWhenEmpty Optional<Boolean> refuseManaged,
        @OmittedWhenEmpty Optional<Boolean> refuseWarned,
        @OmittedWhenEmpty Optional<Boolean> refuseSelfCross,
        @Size(max = 4000) @OmittedWhenEmpty Optional<List<@AnySymbol String>> allow,
        @Size(max = 4000) @OmittedWhenEmpty Optional<List<@AnySymbol String>> deny) {}
