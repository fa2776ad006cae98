package kr.kisgateway.api.history;

import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.api.schema.Default;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;

/**
 * Request for a backfill: a job that fetches past bars into the history's files. | 과거 데이터 수집 요청: 과거 봉을 파일로
 * 저장하는 작업.
 *
 * @param symbols Symbols to fetch, Korean and US; with {@code krx} they are Korean and only choose the exchange's lists,
 *     of which every row is stored. | 수집할 종목 (국내, 미국). {@code krx}이면 국내 종목만 가능하며 거래소 목록을 고르는 데만 쓰고, 목록의 모든
 *     종목을 저장합니다.
 * @param period Days or minutes; longer bars are derived from these. | 일봉 또는 1분봉. 그 밖의 봉은 이것으로 만듭니다.
 * @param from First day. When left out: of days 20 years before the last day, of minutes the first day that KIS has and
 *     {@code GATEWAY_KEEP_MINUTES} retains, with {@code krx} 2010-01-04. | 첫 날짜. 생략하면 일봉은 마지막 날짜의 20년 전, 분봉은 KIS가 제공하고
 *     {@code GATEWAY_KEEP_MINUTES}로 보관하는 가장 이른 날, {@code krx}는 2010-01-04.
 * @param to Last day; when left out, and at the latest, the last day that is over in the markets of all
 *     symbols, by their clocks. | 마지막 날짜. 생략 시 기본값이자 최댓값은 모든 종목의 시장에서 (현지 날짜로) 마감된 마지막 날.
 * @param source Source of the bars: KIS, or the exchange's own daily lists, which have days only and need
 *     {@code KRX_AUTH_KEY}. | 출처: {@code kis}, 또는 거래소의 일별매매정보 {@code krx}(일봉만 제공, {@code KRX_AUTH_KEY} 필요).
 * @param adjusted Whether prices before a split are adjusted for it; for days only. Prices of {@code krx} are never
 *     adjusted. | 수정주가 여부. 일봉에만 씁니다. {@code krx}는 항상 원주가(false)입니다.
 */
public record BackfillRequest(
        SymbolSelection symbols,
        @OneOf({"D", "1m"}) String period,
        @OmittedWhenEmpty Optional<LocalDate> from,
        @OmittedWhenEmpty Optional<LocalDate> to,

        @OneOf({"kis", "krx"}) @Default("kis") @OmittedWhenEmpty
        Optional<String> source,

        @Default("true") @OmittedWhenEmpty Optional<Boolean> adjusted) {}
