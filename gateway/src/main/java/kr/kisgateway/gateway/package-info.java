/**
 * The server's way in and its composition root. {@link kr.kisgateway.gateway.Main} reads the command line,
 * {@link kr.kisgateway.gateway.Gateway} is the running whole, and {@code Wiring} builds it: every part by a constructor
 * call, on one screen, closed in reverse. Nothing else in the server creates threads, clocks or random seeds.
 */
@NullMarked
package kr.kisgateway.gateway;

import org.jspecify.annotations.NullMarked;
