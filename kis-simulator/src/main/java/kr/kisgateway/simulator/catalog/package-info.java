/**
 * What KIS's catalog of calls says, made into answers: which call a path and a TR id mean on either face, what a good
 * request looks like, and an answer of the right shape to each of them, whether or not there is anything behind it.
 *
 * <p>Pure functions of a seed, a question and a market to ask prices of: no file, clock, thread or socket. The catalog's
 * data are {@code kis-wire}'s; the reading of them is this package's own and shares nothing with the client's. Say in
 * {@code Meaning} what a column is, in {@code AnswerShapes} which blocks are lists, in {@code RequestValidator} what is refused.
 */
@NullMarked
package kr.kisgateway.simulator.catalog;

import org.jspecify.annotations.NullMarked;
