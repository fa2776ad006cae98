package kr.kisgateway.api.bar;

import java.time.LocalDate;
import java.util.OptionalLong;

/**
 * Bar of a Korean instrument for one period. A period without a trade has no bar. | 국내 종목의 한 주기의 봉. 체결이 없는 주기에는 봉이
 * 없습니다.
 *
 * @param ts Start of the period, epoch seconds; of a day and longer midnight in Seoul. | 주기의 시작 시각 (epoch 초). 일봉 이상은 서울
 *     자정.
 * @param date Trading day; of a week, month or year its first calendar day. | 영업일. 주봉, 월봉, 연봉은 기간의 첫 날짜.
 * @param open First price, won. | 시가 (원).
 * @param high Highest price, won. | 고가 (원).
 * @param low Lowest price, won. | 저가 (원).
 * @param close Last price, won; of the running period the last one so far. | 종가 (원). 진행 중인 주기는 현재까지의 마지막 가격.
 * @param volume Shares traded in the period. | 거래량 (주).
 * @param turnover Won traded in the period; null if the source has none. | 거래대금 (원). 출처에 없으면 null.
 */
public record Bar(
        long ts, LocalDate date, long open, long high, long low, long close, long volume, OptionalLong turnover) {}
