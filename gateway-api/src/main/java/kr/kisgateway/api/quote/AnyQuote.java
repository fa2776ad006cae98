package kr.kisgateway.api.quote;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.math.BigDecimal;

/**
 * Quote of a Korean or US instrument. | 국내 또는 미국 종목의 시세.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
public sealed interface AnyQuote permits Quote, UsQuote {
    String symbol();

    String name();

    String currency();

    String session();

    BigDecimal changePct();

    long volume();

    String source();

    BigDecimal freshnessSec();

    String state();
}
