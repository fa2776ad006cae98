package kr.kisgateway.api.market;

/**
 * Trading of one investor group in a stock on one day. KIS reports the amounts in millions of won. | 투자자 한 그룹의 종목별 일별
 * 매매. 금액은 KIS가 백만원 단위로 제공합니다.
 *
 * @param netQty Shares bought less shares sold. | 순매수수량 (주).
 * @param netAmount Won bought less won sold, to the million. | 순매수금액 (원, 백만원 단위).
 * @param boughtQty Shares bought. | 매수수량 (주).
 * @param boughtAmount Won bought, to the million. | 매수금액 (원, 백만원 단위).
 * @param soldQty Shares sold. | 매도수량 (주).
 * @param soldAmount Won sold, to the million. | 매도금액 (원, 백만원 단위).
 */
public record InvestorFlow(
        long netQty, long netAmount, long boughtQty, long boughtAmount, long soldQty, long soldAmount) {}
