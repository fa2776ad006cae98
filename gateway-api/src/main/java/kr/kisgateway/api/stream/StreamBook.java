package kr.kisgateway.api.stream;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.Symbol;
import kr.kisgateway.api.schema.Form;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OmittedWhenFalse;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;
import kr.kisgateway.api.schema.Size;

/**
 * Latest order book of a Korean instrument. | 국내 종목의 최신 호가.
 *
 * @param ch Channel, always {@code books}. | 채널. 항상 books.
 * @param s Symbol. | 종목코드.
 * @param venue Venue: {@code NXT}, or {@code UNIFIED} for KRX and NXT together; left out for the main prices, which are
 *     KRX's. | 거래소. NXT 넥스트레이드, UNIFIED 통합(KRX+NXT). 기본 시세(KRX)는 생략.
 * @param asks Asks as pairs of price in won and quantity in shares, best first; levels without a price are left out.
 *     | 매도호가. [가격(원), 잔량(주)] 쌍의 목록이며 최우선 호가부터. 가격이 없는 단계는 생략.
 * @param bids Bids as pairs of price in won and quantity in shares, best first; levels without a price are left out.
 *     | 매수호가. [가격(원), 잔량(주)] 쌍의 목록이며 최우선 호가부터. 가격이 없는 단계는 생략.
 * @param totalAskQty Shares offered on all levels, visible or not. | 총매도호가잔량(주). 보이지 않는 단계를 포함합니다.
 * @param totalBidQty Shares bid for on all levels, visible or not. | 총매수호가잔량(주). 보이지 않는 단계를 포함합니다.
 * @param time Time of the book by the exchange's clock in Seoul, {@code HHmmss}. | 호가시각(거래소 기준, 서울, HHmmss).
 * @param tsMs Receipt time at the gateway in epoch ms. | 게이트웨이 수신 시각(epoch ms).
 * @param seq Sequence number in this channel of the symbol. | 종목·채널별 일련번호.
 * @param conflated Unread messages that this one replaced; left out when none. | 이 메시지로 대체된 미수신 메시지 수(최신값 병합). 없으면
 *     생략.
 * @param snapshot True for the snapshot after a subscription; left out otherwise. | 구독 직후의 스냅샷이면 true. 아니면 생략.
 */
public record StreamBook(
        @OneOf("books") String ch,
        @Symbol String s,
        @OneOf({"NXT", "UNIFIED"}) @OmittedWhenEmpty Optional<String> venue,
        @Size(max = 10) List<@Size(min = 2, max = 2) List<Long>> asks,
        @Size(max = 10) List<@Size(min = 2, max = 2) List<Long>> bids,
        long totalAskQty,
        long totalBidQty,
        @Form("^[0-9]{6}$") String time,
        long tsMs,
        long seq,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong conflated,
        @OmittedWhenFalse boolean snapshot)
        implements StreamMessage {}
