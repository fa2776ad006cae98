package kr.kisgateway.api.portfolio;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * Profit and loss of an account, from the fills in the journal. Commission and tax are estimates at KIS's usual rates. | 저널의
 * 체결 내역으로 계산한 계좌의 손익. 수수료와 세금은 통상 요율로 계산한 추정값입니다.
 *
 * @param accountId Alias of the account. | 계좌 별칭.
 * @param from First trading day counted; null for all. | 첫 거래일. 전체는 null.
 * @param to Last trading day counted; null for all. | 마지막 거래일. 전체는 null.
 * @param method Which shares a sale sells: {@code FIFO} the ones bought first, {@code AVERAGE} some of all at their average cost. | 매도한
 *     주식의 매입단가 계산 방법. FIFO: 선입선출, AVERAGE: 이동평균.
 * @param groupBy What a row is about. | 집계 단위.
 * @param since Trading day of the first fill that was read; null without one. | 계산에 사용한 첫 체결의 거래일. 없으면 null.
 * @param complete Whether nothing is missing; else {@code missing} has the reasons. | 빠진 내용 없이 계산했는지 여부. 아니면
 *     {@code missing}에 사유가 있습니다.
 * @param missing {@code UNCOVERED_SALES}: shares were sold whose purchase is not in the journal; {@code POSITION_DIFFERS}: KIS has
 *     another quantity of some symbol than the fills add up to; {@code TAX_UNKNOWN}: the tax of some sales is not computed (US
 *     stocks, instruments that are not listed any more); {@code HOLDINGS_UNKNOWN}: KIS gave no holdings. | 빠진 내용의 사유.
 *     UNCOVERED_SALES: 매수 기록이 저널에 없는 매도, POSITION_DIFFERS: KIS 보유수량과 체결 합계가 다른 종목, TAX_UNKNOWN: 세금을 계산하지
 *     않는 매도(미국 주식, 상장폐지 종목), HOLDINGS_UNKNOWN: KIS 잔고 조회 실패.
 * @param totals Sums of all rows, one per currency. | 통화별 합계.
 * @param rows Realised profit and loss by day, symbol or strategy. | 일자, 종목, 전략별 실현손익.
 * @param unrealised Shares bought and not sold; null for a period that ends before today. | 미실현손익. 기간이 오늘 이전에 끝나면
 *     null.
 */
public record ProfitAndLoss(
        String accountId,
        Optional<LocalDate> from,
        Optional<LocalDate> to,
        @OneOf({"FIFO", "AVERAGE"}) String method,
        @OneOf({"DAY", "SYMBOL", "STRATEGY"}) String groupBy,
        Optional<LocalDate> since,
        boolean complete,
        List<@OneOf({"UNCOVERED_SALES", "POSITION_DIFFERS", "TAX_UNKNOWN", "HOLDINGS_UNKNOWN"}) String> missing,
        List<Realised> totals,
        List<Realised> rows,
        Optional<List<Unrealised>> unrealised) {

    /**
     * Trades of a day, symbol or strategy. | 일자, 종목 또는 전략별 매매와 실현손익.
     *
     * @param currency Currency of the amounts. | 통화.
     * @param day Trading day; null unless rows are about days. | 거래일. 일자별 집계가 아니면 null.
     * @param symbol Symbol; null unless rows are about symbols. | 종목코드. 종목별 집계가 아니면 null.
     * @param strategyId Strategy label; null unless rows are about strategies, and for orders without one. | 전략 이름. 전략별
     *     집계가 아니거나 전략이 없는 주문은 null.
     * @param boughtQty Shares bought. | 매수수량 (주).
     * @param boughtAmount Paid for them, without commission. | 매수금액 (수수료 제외).
     * @param soldQty Shares sold. | 매도수량 (주).
     * @param soldAmount Received for them, before costs. | 매도금액 (비용 차감 전).
     * @param cost Purchase amount of the shares sold, without commission. | 매도한 주식의 매입금액 (수수료 제외).
     * @param gross Covered sales less {@code cost}. | 비용 차감 전 실현손익.
     * @param commission Commission of the sales and of the purchases of the shares sold, estimated. | 매도와 해당 매수의 수수료
     *     (추정).
     * @param tax Tax of the sales, estimated; null where it is not computed. | 매도 세금 (추정). 계산하지 않으면 null.
     * @param net {@code gross} less commission and tax. | 비용 차감 후 실현손익.
     * @param uncoveredQty Shares sold whose purchase is not in the journal; they are in no profit. | 매수 기록이 없는 매도수량. 손익에
     *     포함하지 않습니다.
     * @param uncoveredAmount Received for them. | 매수 기록이 없는 매도금액.
     */
    public record Realised(
            @OneOf({"KRW", "USD"}) String currency,
            Optional<LocalDate> day,
            @AnySymbol Optional<String> symbol,
            Optional<String> strategyId,
            @Range(min = 0) long boughtQty,
            BigDecimal boughtAmount,
            @Range(min = 0) long soldQty,
            BigDecimal soldAmount,
            BigDecimal cost,
            BigDecimal gross,
            BigDecimal commission,
            Optional<BigDecimal> tax,
            BigDecimal net,
            @Range(min = 0) long uncoveredQty,
            BigDecimal uncoveredAmount) {}

    /**
     * Shares of a symbol that the fills leave. | 체결 합계로 남은 종목별 수량과 미실현손익.
     *
     * @param symbol Symbol. | 종목코드.
     * @param currency Currency of the amounts. | 통화.
     * @param qty Shares bought and not sold. | 매수 후 매도하지 않은 수량 (주).
     * @param cost Paid for them, without commission. | 매입금액 (수수료 제외).
     * @param avgPrice Average cost per share, to four decimals. | 평균 매입단가 (소수 4자리).
     * @param price Current price of KIS's holdings; null when KIS holds none or did not answer. | KIS 잔고의 현재가. 보유하지 않거나
     *     조회하지 못하면 null.
     * @param value Valuation at that price; null without one. | 평가금액. 현재가가 없으면 null.
     * @param pnl Valuation less cost; null without a price. | 평가손익. 현재가가 없으면 null.
     * @param brokerQty Shares that KIS reports for the whole account; null when it did not answer. | KIS가 보고한 계좌 전체 보유수량.
     *     조회하지 못하면 null.
     */
    public record Unrealised(
            @AnySymbol String symbol,
            @OneOf({"KRW", "USD"}) String currency,
            @Range(min = 0) long qty,
            BigDecimal cost,
            BigDecimal avgPrice,
            Optional<BigDecimal> price,
            Optional<BigDecimal> value,
            Optional<BigDecimal> pnl,
            OptionalLong brokerQty) {}
}
