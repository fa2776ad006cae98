package kr.kisgateway.api.quote;

/**
 * Quote of a Korean or US instrument. | 국내 또는 미국 종목의 시세.
 */
public sealed interface AnyQuote permits Quote, UsQuote {}
