package kr.kisgateway.api.portfolio;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.OneOf;

/**
 * Money that shares of an account earned: a dividend, or another right that pays. | 배당 등 보유 주식의 권리로 받는 금액.
 *
 * @param accountId Alias of the account. | 계좌 별칭.
 * @param symbol Symbol of the stock. | 종목코드.
 * @param name Korean name of the stock. | 종목명.
 * @param recordDate Day on which the shares had to be held. | 기준일.
 * @param qty Shares held on that day. | 기준일 보유수량(주).
 * @param amount Amount before tax. | 세전 금액.
 * @param tax Tax withheld. | 원천징수 세금.
 * @param currency Currency of the amounts. | 통화.
 * @param payDay Day of payment; null while KIS does not report one. | 지급일. KIS가 제공하기 전에는 null.
 * @param kisType KIS's code of the kind of right (RGHT_TYPE_CD). | KIS 권리유형코드.
 */
public record Dividend(
        String accountId,
        @AnySymbol String symbol,
        String name,
        LocalDate recordDate,
        long qty,
        BigDecimal amount,
        BigDecimal tax,
        @OneOf({"KRW"}) String currency,
        Optional<LocalDate> payDay,
        String kisType) {}
