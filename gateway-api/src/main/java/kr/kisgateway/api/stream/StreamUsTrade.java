package kr.kisgateway.api.stream;

import java.math.BigDecimal;
import kr.kisgateway.api.instrument.UsSymbol;
import kr.kisgateway.api.schema.Form;
import kr.kisgateway.api.schema.OmittedWhenFalse;
import kr.kisgateway.api.schema.OneOf;

/**
 * A trade of a US stock, in dollars. KIS does not report which side took the other. | 미국 주식의 체결(달러). 체결을 일으킨 쪽은 KIS 가
 * 제공하지 않습니다.
 *
 * @param ch Channel, always {@code trades}. | 채널. 항상 trades.
 * @param s Symbol. | 종목코드.
 * @param p Price in dollars. | 체결가(달러).
 * @param q Shares of this trade. | 체결수량(주).
 * @param v Shares traded today, this trade included. | 누적거래량(주). 이 체결을 포함합니다.
 * @param time Time of the trade in New York, {@code HHmmss}. | 체결시각(뉴욕, HHmmss).
 * @param feed KIS feed that pushed it: {@code free}, {@code paid} or {@code day-market}. | KIS 시세 구분(free 무료, paid
 *     유료, day-market 주간거래).
 * @param tsMs Receipt time at the gateway in epoch ms. | 게이트웨이 수신 시각(epoch ms).
 * @param seq Sequence number in this channel of the symbol. | 종목·채널별 일련번호.
 * @param snapshot True for the snapshot after a subscription; left out otherwise. | 구독 직후의 스냅샷이면 true. 아니면 생략.
 */
public record StreamUsTrade(
        @OneOf("trades") String ch,
        @UsSymbol String s,
        BigDecimal p,
        long q,
        long v,
        @Form("^[0-9]{6}$") String time,
        @OneOf({"free", "paid", "day-market"}) String feed,
        long tsMs,
        long seq,
        @OmittedWhenFalse boolean snapshot)
        implements StreamMessage {}
