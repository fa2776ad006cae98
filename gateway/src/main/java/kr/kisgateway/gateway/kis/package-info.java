/**
 * Where the gateway meets KIS: the only package that knows {@code kis-client}. Each class here fills a port of one
 * capability (prices, holdings, registrations, orders, the pushed feed) and adds nothing but the translation of words.
 */
@NullMarked
package kr.kisgateway.gateway.kis;

import org.jspecify.annotations.NullMarked;
