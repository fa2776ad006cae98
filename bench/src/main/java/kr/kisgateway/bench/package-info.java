/**
 * Every published figure is measured here, by {@code ./kis bench <what>}. {@link kr.kisgateway.bench.Main} reads the
 * command line, a {@link kr.kisgateway.bench.Bench} measures, {@link kr.kisgateway.bench.Report} prints the table and
 * the JSON.
 *
 * <p>A figure alone means little on an unknown machine, so each has a floor beside it: the same work without the
 * gateway, on the same machine, in the same run, alternating with the subject. {@code decode} contains the decoder's
 * JMH benchmarks, {@code load} the load generators and readers, {@code floor} the baseline programs. To add a figure: a
 * {@code Bench}, its name in {@code Main}, its floor.
 *
 * <p>It uses the gateway from outside only, as a process and through its API; of the project's classes only those
 * available to a customer (market, wire, gateway-client).
 */
@NullMarked
package kr.kisgateway.bench;

import org.jspecify.annotations.NullMarked;
