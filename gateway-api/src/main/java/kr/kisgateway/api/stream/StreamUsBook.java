package kr.kisgateway.api.stream;

import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.UsSymbol;
import kr.kisgateway.api.schema.Form;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OmittedWhenFalse;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;
import kr.kisgateway.api.schema.Size;

/**
 * Latest order book of a US stock, in dollars. | 미국 주식의 최신 호가(달러).
 *
 * @param ch Channel, always {@code books}. | 채널. 항상 books.
 * @param s Symbol. | 종목코드.
 * @param asks Asks as pairs of price in dollars and quantity in shares, best first; a pushed book has the best one
 *     only. | 매도호가. [가격(달러), 잔량(주)] 쌍의 목록이며 최우선 호가부터. 실시간 수신은 최우선 호가만 있습니다.
 * @param bids Bids as pairs of price in dollars and quantity in shares, best first; a pushed book has the best one
 *     only. | 매수호가. [가격(달러), 잔량(주)] 쌍의 목록이며 최우선 호가부터. 실시간 수신은 최우선 호가만 있습니다.
 * @param totalAskQty Shares offered on all levels, visible or not. | 총매도호가잔량(주). 보이지 않는 단계를 포함합니다.
 * @param totalBidQty Shares bid for on all levels, visible or not. | 총매수호가잔량(주). 보이지 않는 단계를 포함합니다.
 * @param time Time of the book in New York, {@code HHmmss}; {@code 000000} when KIS does not report it. | 호가시각(뉴욕,
 *     HHmmss). KIS 가 제공하지 않으면 000000.
 * @param tsMs Receipt time at the gateway in epoch ms. | 게이트웨이 수신 시각(epoch ms).
 * @param seq Sequence number in this channel of the symbol. | 종목·채널별 일련번호.
 * @param conflated Unread messages that this one replaced; left out when none. | 이 메시지로 대체된 미수신 메시지 수(최신값 병합). 없으면
 *     생략.
 * @param snapshot True for the snapshot after a subscription; left out otherwise. | 구독 직후의 스냅샷이면 true. 아니면 생략.
 */
public record StreamUsBook(
        @OneOf("books") String ch,
        @UsSymbol String s,
        @Size(max = 10) List<@Size(min = 2, max = 2) List<BigDecimal>> asks,
        @Size(max = 10) List<@Size(min = 2, max = 2) List<BigDecimal>> bids,
        long totalAskQty,
        long totalBidQty,
        @Form("^[0-9]{6}$") String time,
        long tsMs,
        long seq,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong conflated,
        @OmittedWhenFalse boolean snapshot)
        implements StreamMessage {}
