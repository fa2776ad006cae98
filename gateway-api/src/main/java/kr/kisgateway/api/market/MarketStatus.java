package kr.kisgateway.api.market;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.schema.OneOf;

/**
 * Current and next session of each market. | 시장별 현재와 다음 장 구분.
 *
 * @param ts Time of the answer, epoch seconds. | 응답 시각 (epoch 초).
 * @param tsMs The same in epoch milliseconds. | 응답 시각 (epoch 밀리초).
 * @param markets KRX, NXT and the US markets NASD, NYSE and AMEX. | KRX, NXT와 미국 시장(NASD, NYSE, AMEX).
 */
public record MarketStatus(long ts, long tsMs, List<Market> markets) {

    /**
     * Session of one market. | 한 시장의 장 구분.
     *
     * @param market Name of the market. | 시장.
     * @param session Current session. | 현재 장 구분.
     * @param date Date that the session belongs to, in Seoul; of US markets in New York. | 장이 속한 날짜 (서울 기준, 미국 시장은 뉴욕
     *     기준).
     * @param tradingDay Whether {@code date} is a trading day of the market. | {@code date}의 개장 여부.
     * @param opensAt Start of the current regular session or, outside it, of the next one; null when sessions have no
     *     end (the simulator's open clock). | 현재 정규장의 시작 시각. 정규장이 아니면 다음 정규장의 시작 시각. 장에 끝이 없으면(시뮬레이터의 상시 개장) null.
     * @param closesAt End of that regular session, closing auction included; null as {@code opens_at}. | 해당 정규장의 종료 시각
     *     (장마감 동시호가 포함). null은 {@code opens_at}과 같음.
     * @param nextAt Time at which the session changes; null as {@code opens_at}. | 장 구분이 바뀌는 시각. null은
     *     {@code opens_at}과 같음.
     * @param nextSession Session after {@code next_at}; null as {@code opens_at}. | {@code next_at} 이후의 장 구분. null은
     *     {@code opens_at}과 같음.
     * @param holiday Reason why the market is closed on {@code date}, as {@code Chuseok}; null on trading days and
     *     ordinary weekends. | {@code date}의 휴장 사유 (예: {@code Chuseok}). 개장일과 일반 주말은 null.
     * @param circuitBreaker Sections of KRX for which KIS reports an active circuit breaker; null for other markets.
     *     KIS pushes it with the stocks that the gateway has registered, so an empty list may also mean that none is
     *     registered. | 서킷브레이커가 발동 중인 KRX의 시장. 다른 시장은 null. KIS는 게이트웨이가 등록한 종목의 장운영정보로만 통보하므로, 등록된 종목이 없어도 빈 배열입니다.
     */
    public record Market(
            @OneOf({"KRX", "NXT", "NASD", "NYSE", "AMEX"}) String market,
            @AnySession String session,
            LocalDate date,
            boolean tradingDay,
            Optional<OffsetDateTime> opensAt,
            Optional<OffsetDateTime> closesAt,
            Optional<OffsetDateTime> nextAt,
            @AnySession Optional<String> nextSession,
            Optional<String> holiday,
            Optional<List<@OneOf({"KOSPI", "KOSDAQ", "KONEX"}) String>> circuitBreaker) {}
}
