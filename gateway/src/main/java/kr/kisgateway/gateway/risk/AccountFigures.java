package kr.kisgateway.gateway.risk;

import java.util.OptionalLong;

/**
 * What the broker said of an account and one symbol, all in one answer.
 *
 * @param cash won after all settlements known (D+2); fills are in it, open orders are not
 * @param held shares of the symbol
 * @param sellable of these, not tied up in a sale that the broker knew of
 * @param dayResult worth of everything less its worth at the last close, if the broker said both
 */
public record AccountFigures(long cash, long held, long sellable, OptionalLong dayResult) {}
