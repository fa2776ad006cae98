package kr.kisgateway.api.bar;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * Bar of a US stock for one period, in dollars. A period without a trade has no bar. | 미국 주식의 한 주기의 봉 (달러). 체결이 없는 주기에는
 * 봉이 없습니다.
 *
 * @param ts Start of the period, epoch seconds; of a day and longer midnight in New York. | 주기의 시작 시각 (epoch 초). 일봉 이상은
 *     뉴욕 자정.
 * @param date Date in New York on which the period begins; of a week, month or year its first calendar day. | 주기가 시작하는
 *     뉴욕 날짜. 주봉, 월봉, 연봉은 기간의 첫 날짜.
 * @param open First price, dollars. | 시가 (달러).
 * @param high Highest price, dollars. | 고가 (달러).
 * @param low Lowest price, dollars. | 저가 (달러).
 * @param close Last price, dollars; of the running period the last one so far. | 종가 (달러). 진행 중인 주기는 현재까지의 마지막 가격.
 * @param volume Shares traded in the period. | 거래량 (주).
 * @param turnover Dollars traded in the period. | 거래대금 (달러).
 */
public record UsBar(
        long ts,
        LocalDate date,
        BigDecimal open,
        BigDecimal high,
        BigDecimal low,
        BigDecimal close,
        long volume,
        BigDecimal turnover) {}
