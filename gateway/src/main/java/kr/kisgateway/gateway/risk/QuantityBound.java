package kr.kisgateway.gateway.risk;

import java.math.BigDecimal;

/**
 * A limit that bounds the quantity of a BUY order.
 *
 * @param limitName its name in the API
 * @param layer the layer that sets it
 * @param figure its value in shares or won
 * @param qty shares that it leaves for one order
 */
public record QuantityBound(String limitName, String layer, BigDecimal figure, long qty) {}
