package kr.kisgateway.api.batch;

import kr.kisgateway.api.bar.BarPage;
import kr.kisgateway.api.bar.UsBarPage;
import kr.kisgateway.api.schema.Alternatives;

/**
 * A line of a batch of bars: first {@code BatchExpected}, then a page of bars or a {@code BatchFailure} for each
 * distinct symbol in no particular order, last {@code BatchStats}. | 봉 일괄 조회의 한 행. 첫 행은 {@code BatchExpected}, 다음은
 * 종목별 봉 페이지 또는 {@code BatchFailure} (순서 없음), 마지막 행은 {@code BatchStats}.
 */
@Alternatives({BatchExpected.class, BarPage.class, UsBarPage.class, BatchFailure.class, BatchStats.class})
public interface BarBatchLine {}
