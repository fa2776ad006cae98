/**
 * Answers from KIS's catalog of calls: the call that a path and a TR id select on either face, the validation of requests,
 * and an answer of the right shape to each of them, simulated or not.
 *
 * <p>Pure functions of a seed, a request and a market with prices: no file, clock, thread or socket. The catalog's data are
 * {@code kis-wire}'s; they are read by this package's own code, which shares nothing with the client's. Define in
 * {@code Meaning} what a column means, in {@code AnswerShapes} which blocks are lists, in {@code RequestValidator} what is
 * refused.
 */
@NullMarked
package kr.kisgateway.simulator.catalog;

import org.jspecify.annotations.NullMarked;
