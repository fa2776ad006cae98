package kr.kisgateway.api.bar;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.schema.Default;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.Range;
import kr.kisgateway.api.schema.Size;

/**
 * Request for the same bars of up to 4,000 instruments. | 최대 4,000종목의 같은 봉을 일괄 조회하는 요청.
 *
 * @param symbols Korean and US symbols in any order; a symbol named twice is answered once, one that no market lists
 *     with a failure of its own. | 국내와 미국 종목코드 (순서 무관). 중복 종목은 한 번만 응답하고, 상장되지 않은 종목은 개별 실패로 응답합니다.
 * @param period Period of the bars. | 봉 주기.
 * @param from Oldest period: the one that contains this date, for minutes also a time, as {@code 2026-11-20T10:00}, by
 *     the clock of each symbol's exchange; without a bound when left out. | 가장 오래된 주기가 포함하는 날짜. 분봉은 시각도 가능 (예:
 *     {@code 2026-11-20T10:00}). 종목별 거래소 현지 시각 기준. 생략하면 제한 없음.
 * @param to Newest period, in the same form; now when left out. | 가장 최근 주기 (형식은 같음). 생략하면 현재.
 * @param limit Maximum number of bars of each symbol. | 종목별 최대 봉 개수.
 * @param adjusted Whether prices before a split are adjusted for it; for days and longer, refused for minutes. | 수정주가
 *     여부. 일봉 이상에만 쓰며, 분봉이면 거부합니다.
 */
public record BarBatchRequest(
        @Size(min = 1, max = 4000) List<String> symbols,
        @BarPeriod String period,
        @OmittedWhenEmpty Optional<String> from,
        @OmittedWhenEmpty Optional<String> to,

        @Range(min = 1, max = 1000) @Default("100") @OmittedWhenEmpty
        OptionalLong limit,

        @Default("true") @OmittedWhenEmpty Optional<Boolean> adjusted) {}
