package kr.kisgateway.api.bar;

/**
 * One page of bars of a Korean or a US instrument. | 국내 또는 미국 종목의 봉 한 페이지.
 */
public sealed interface AnyBarPage permits BarPage, UsBarPage {
    String symbol();
}
