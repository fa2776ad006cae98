package kr.kisgateway.api.batch;

import kr.kisgateway.api.quote.Quote;
import kr.kisgateway.api.quote.UsQuote;
import kr.kisgateway.api.schema.Alternatives;

/**
 * A line of a batch of quotes: first {@code BatchExpected}, then a quote or a {@code BatchFailure} for each distinct
 * symbol in no particular order, last {@code BatchStats}. | 시세 일괄 조회의 한 행. 첫 행은 {@code BatchExpected}, 다음은 종목별 시세 또는
 * {@code BatchFailure} (순서 없음), 마지막 행은 {@code BatchStats}.
 */
@Alternatives({BatchExpected.class, Quote.class, UsQuote.class, BatchFailure.class, BatchStats.class})
public interface BatchLine {}
