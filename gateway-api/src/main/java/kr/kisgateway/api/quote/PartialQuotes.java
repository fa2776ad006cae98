package kr.kisgateway.api.quote;

import java.util.List;

/**
 * Quotes of a request of which some symbols failed. | 일부 종목이 실패한 복수 종목 시세.
 *
 * @param quotes Quotes of the symbols that were answered, in the order of the request. | 조회된 종목의 시세. 요청 순서.
 * @param partial Always true. | 항상 true.
 * @param meta How many symbols were answered, and which failed. | 조회 결과 건수와 실패 종목.
 */
public record PartialQuotes(List<AnyQuote> quotes, boolean partial, Meta meta) {

    /**
     * How many symbols were answered, and which failed. | 조회 결과 건수와 실패 종목.
     *
     * @param targetCount Distinct symbols of the request. | 요청 종목 수 (중복 제외).
     * @param finalCount Of these, symbols that were answered. | 그중 조회된 종목 수.
     * @param missingCount Of these, symbols that failed. | 그중 실패한 종목 수.
     * @param failedSymbols Symbols that failed, as the request has them. | 실패한 종목코드. 요청에 적힌 그대로.
     */
    public record Meta(long targetCount, long finalCount, long missingCount, List<String> failedSymbols) {}
}
