package kr.kisgateway.api.history;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;
import kr.kisgateway.api.schema.Size;

/**
 * Request for a warm-up: a job that requests data from KIS before callers do and caches it. | 미리 받기(캐시 워밍) 요청: 데이터를
 * KIS에서 미리 조회해 캐시하는 작업.
 *
 * @param symbols Symbols whose data is cached; when left out, the most traded Korean ones. | 미리 받을 종목코드. 생략하면 국내 거래대금
 *     상위 종목.
 * @param top Number of the most traded symbols by turnover; {@code GATEWAY_WARM_TOP} when left out. Refused beside
 *     {@code symbols}. | 거래대금 상위 종목 수. 생략하면 {@code GATEWAY_WARM_TOP}. {@code symbols}와 함께 쓸 수 없습니다.
 * @param dataTypes Data to cache: {@code price} for quotes, {@code chart} for daily bars, {@code info} for today's
 *     price limits and trading status, which US stocks do not have. All of them when left out. | 미리 받을 데이터:
 *     {@code price}(시세), {@code chart}(일봉), {@code info}(당일 가격제한폭과 거래 상태, 미국 주식 제외). 생략하면 모두.
 */
public record WarmRequest(
        @Size(min = 1, max = 4000) @OmittedWhenEmpty Optional<List<@AnySymbol String>> symbols,
        @Range(min = 1, max = 4000) @OmittedWhenEmpty OptionalLong top,
        @Size(min = 1) @OmittedWhenEmpty Optional<List<@OneOf({"price", "chart", "info"}) String>> dataTypes) {}
