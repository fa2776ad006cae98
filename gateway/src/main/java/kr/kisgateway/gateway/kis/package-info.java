/**
 * Adapter to KIS: the only package that uses {@code kis-client}. Each class here implements a port of one capability (prices,
 * holdings, registrations, orders, the pushed feed) and only translates.
 */
@NullMarked
package kr.kisgateway.gateway.kis;

import org.jspecify.annotations.NullMarked;
