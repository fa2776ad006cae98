package kr.kisgateway.api.instrument;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Instruments found by a search, or a page of the list by code. | 종목 검색 결과 또는 종목코드순 목록의 한 페이지.
 *
 * @param instruments Instruments, best match first; without q, by code. | 종목 목록. 일치도순, q 가 없으면 종목코드순.
 * @param total Number of matches, also beyond this answer; without q, those from this page on. | 전체 일치 건수 (응답에 없는 것
 *     포함). q 가 없으면 이 페이지부터의 건수.
 * @param nextCursor Cursor of the next page; null on the last page and for a search. | 다음 페이지 커서. 마지막 페이지이거나 검색이면
 *     null.
 * @param listings List that applies to each market. | 시장별 종목 정보 출처.
 */
public record InstrumentPage(
        List<Instrument> instruments, long total, Optional<String> nextCursor, List<Listing> listings) {

    /**
     * List that applies to a market. | 시장별 종목 정보 출처.
     *
     * @param market Market of the list. | 시장.
     * @param listingSource Which list applies. | 종목 정보 출처.
     * @param listingDate Day of the list: when it was downloaded, in Seoul; of the shipped list, the day of its
     *     closes. | 목록 기준일. 내려받은 날(서울), 프로그램에 포함된 목록은 종가 기준일.
     * @param count Number of instruments in the list. | 종목 수.
     * @param trouble Why the list is not newer, in English; null when it is current. | 목록이 최신이 아닌 사유 (영문). 최신이면 null.
     */
    public record Listing(
            @ListingMarket String market,
            @ListingSource String listingSource,
            LocalDate listingDate,
            long count,
            Optional<String> trouble) {}
}
