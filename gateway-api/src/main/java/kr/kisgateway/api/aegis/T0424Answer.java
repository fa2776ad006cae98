package kr.kisgateway.api.aegis;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.instrument.Symbol;
import kr.kisgateway.api.schema.OneOf;

/**
 * t0424: balance, holdings and executions of an account in Korea. | t0424: 주식 잔고와 당일 체결.
 *
 * @param rspCd 1 ok; 9 when KIS does not answer and the balance is the last known one ({@code state}). | 1 정상, 9 KIS 가
 *     응답하지 않아 마지막으로 확인된 잔고임({@code state} 참조).
 * @param rspMsg What the code means. | 코드의 뜻.
 * @param data The account. | 계좌.
 */
public record T0424Answer(@OneOf({"1", "9"}) String rspCd, String rspMsg, Data data) implements AegisAnswer {
    /**
     * An account now, in won. | 계좌 현황 (원).
     *
     * @param account Alias of the account. | 계좌 별칭.
     * @param sunamt Worth of everything. | 추정순자산.
     * @param sunamt1 Deposit after all settlements recorded so far (D+2). | 추정 D+2 예수금.
     * @param mamt What the holdings cost. | 매입금액.
     * @param tappamt Worth of the holdings. | 평가금액.
     * @param tdtsunik Worth of the holdings less their cost. | 평가손익.
     * @param state KNOWN, or STALE while KIS does not answer. | KNOWN 정상, STALE KIS 가 응답하지 않아 마지막으로 확인된 값.
     * @param asOfMs Time of the balance, epoch ms. | 잔고 조회 시각 (epoch ms).
     * @param list Holdings. | 보유종목.
     * @param executions Fills of the trading day, the newest first, at most 100. | 당일 체결. 최신부터 최대 100건.
     * @param moreExecutions Whether there are more; {@code GET /v1/executions} has all. | 더 있는지 여부. 전체는 {@code GET
     *     /v1/executions}.
     */
    public record Data(
            String account,
            long sunamt,
            long sunamt1,
            long mamt,
            long tappamt,
            long tdtsunik,
            @OneOf({"KNOWN", "STALE"}) String state,
            long asOfMs,
            List<Holding> list,
            List<Fill> executions,
            boolean moreExecutions) {}

    /**
     * A holding; shares bought with a loan have a row for each loan. | 보유종목. 신용 매수는 대출별로 한 건.
     *
     * @param expcode Short code. | 종목코드.
     * @param hname Korean name. | 종목명 (한글).
     * @param janqty Shares held. | 잔고수량 (주).
     * @param mdposqt Of these, not reserved by a sale. | 매도가능수량 (주).
     * @param pamt Average price paid. | 평균단가.
     * @param mamt What they cost. | 매입금액.
     * @param price Present price. | 현재가.
     * @param appamt Present worth. | 평가금액.
     * @param dtsunik Worth less cost. | 평가손익.
     * @param sunikrt The same in percent of the cost, to two decimals. | 수익률 (%). 소수 2자리까지.
     */
    public record Holding(
            @Symbol String expcode,
            String hname,
            long janqty,
            long mdposqt,
            BigDecimal pamt,
            long mamt,
            long price,
            long appamt,
            long dtsunik,
            BigDecimal sunikrt) {}

    /**
     * A fill. | 체결 한 건.
     *
     * @param ordno KIS order number, ten digits. | 주문번호 (10자리).
     * @param orderId The gateway's order id. | 게이트웨이 주문 ID.
     * @param expcode Short code. | 종목코드.
     * @param medosu 1 sell, 2 buy. | 매매구분. 1 매도, 2 매수.
     * @param cheqty Shares filled. | 체결수량 (주).
     * @param cheprice Price per share. | 체결가.
     * @param chetime Time of the fill, HHmmss; null when only the list of orders showed it. | 체결시각 (HHmmss). 주문 목록으로만
     *     확인된 체결은 null.
     */
    public record Fill(
            String ordno,
            String orderId,
            @Symbol String expcode,
            @OneOf({"1", "2"}) String medosu,
            long cheqty,
            BigDecimal cheprice,
            Optional<String> chetime) {}
}
