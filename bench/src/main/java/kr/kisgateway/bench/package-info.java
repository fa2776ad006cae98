/**
 * Every published figure is made here, by {@code ./kis bench <what>}. {@link kr.kisgateway.bench.Main} reads the command
 * line, a {@link kr.kisgateway.bench.Bench} measures, {@link kr.kisgateway.bench.Report} prints the table and the JSON.
 *
 * <p>A figure alone says little on a machine nobody knows, so each has a floor beside it: the same work without us, on the
 * same machine, in the same run, in turns with the measured thing. {@code decode} holds the decoder's JMH benchmarks,
 * {@code load} what sends and reads, {@code floor} the programs we are measured against. To add a figure: a
 * {@code Bench}, its name in {@code Main}, its floor.
 *
 * <p>It sees the gateway from outside only, as a process and through its API; of our own classes it knows those a
 * customer could (market, wire, gateway-client).
 */
@NullMarked
package kr.kisgateway.bench;

import org.jspecify.annotations.NullMarked;
