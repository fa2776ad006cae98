/**
 * What puts load on a gateway and reads what comes back, on one thread each, because the machine's other core belongs to
 * what is measured. Clocks come in as functions of nanoseconds, so the schedules are tested without waiting.
 */
@NullMarked
package kr.kisgateway.bench.load;

import org.jspecify.annotations.NullMarked;
