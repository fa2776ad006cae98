package kr.kisgateway.api.stream;

import java.util.Optional;
import kr.kisgateway.api.instrument.Symbol;
import kr.kisgateway.api.schema.Form;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OmittedWhenFalse;
import kr.kisgateway.api.schema.OneOf;

/**
 * A trade of a Korean instrument. | 국내 종목의 체결.
 *
 * @param ch Channel, always {@code trades}. | 채널. 항상 trades.
 * @param s Symbol. | 종목코드.
 * @param venue Venue: {@code NXT}, or {@code UNIFIED} for KRX and NXT together; left out for the main prices, which are
 *     KRX's. | 거래소. NXT 넥스트레이드, UNIFIED 통합(KRX+NXT). 기본 시세(KRX)는 생략.
 * @param p Price in won. | 체결가(원).
 * @param q Shares of this trade. | 체결수량(주).
 * @param v Shares traded today, this trade included. | 누적거래량(주). 이 체결을 포함합니다.
 * @param side Side of the order that took the other: {@code B} buyer, {@code S} seller, {@code -} auction or unknown.
 *     | 체결을 일으킨 쪽. B: 매수, S: 매도, -: 단일가매매 또는 알 수 없음.
 * @param time Time of the trade by the exchange's clock in Seoul, {@code HHmmss}. | 체결시각(거래소 기준, 서울, HHmmss).
 * @param tsMs Receipt time at the gateway in epoch ms. | 게이트웨이 수신 시각(epoch ms).
 * @param seq Sequence number in this channel of the symbol. | 종목·채널별 일련번호.
 * @param snapshot True for the snapshot after a subscription; left out otherwise. | 구독 직후의 스냅샷이면 true. 아니면 생략.
 */
public record StreamTrade(
        @OneOf("trades") String ch,
        @Symbol String s,
        @OneOf({"NXT", "UNIFIED"}) @OmittedWhenEmpty Optional<String> venue,
        long p,
        long q,
        long v,
        @OneOf({"B", "S", "-"}) String side,
        @Form("^[0-9]{6}$") String time,
        long tsMs,
        long seq,
        @OmittedWhenFalse boolean snapshot)
        implements StreamMessage {}
