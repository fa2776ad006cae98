package kr.kisgateway.api.bar;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.instrument.Symbol;

/**
 * One page of bars of a Korean instrument. | 국내 종목의 봉 한 페이지.
 *
 * @param symbol Symbol of the instrument. | 종목코드.
 * @param period Period of the bars. | 봉 주기.
 * @param adjusted Whether prices before a split are adjusted for it; null for minutes. | 수정주가 여부. 분봉은 null.
 * @param bars Bars, newest first. | 봉 목록 (최신순).
 * @param nextCursor Value of {@code cursor} for the next page, with older bars; null if there are none. A page with
 *     fewer bars than {@code limit} and a cursor was cut short because the answer was due. | 더 오래된 다음 페이지의
 *     {@code cursor} 값. 없으면 null. 봉이 {@code limit}보다 적은데 값이 있으면 응답 기한 때문에 잘린 페이지입니다.
 * @param incompleteBefore Set when older bars were requested than any source has: the day from which on the answer is
 *     complete or, if none of the requested bars was available, the first day with data; otherwise null. | 어떤 출처에도 없는 더
 *     오래된 봉을 요청한 경우: 이 날짜부터 응답이 완전합니다. 요청한 봉이 하나도 없으면 데이터가 있는 첫 날짜. 그 밖에는 null.
 */
public record BarPage(
        @Symbol String symbol,
        @BarPeriod String period,
        Optional<Boolean> adjusted,
        List<Bar> bars,
        Optional<String> nextCursor,
        Optional<LocalDate> incompleteBefore)
        implements AnyBarPage {}
