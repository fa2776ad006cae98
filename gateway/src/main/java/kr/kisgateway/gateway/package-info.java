/**
 * Entry point and composition root of the server. {@link kr.kisgateway.gateway.Main} starts a gateway or hands over
 * to the commands of {@code Commands}, {@link kr.kisgateway.gateway.Gateway} is the running gateway, and {@code Wiring} builds it from one module class for each capability;
 * parts are closed in reverse order. No other class of the server creates threads, clocks or random seeds.
 */
@NullMarked
package kr.kisgateway.gateway;

import org.jspecify.annotations.NullMarked;
