/**
 * Load generators and readers of a gateway, on one thread each, because the machine's other core is reserved for the
 * subject. Clocks are passed in as functions of nanoseconds, so the schedules are tested without waiting.
 */
@NullMarked
package kr.kisgateway.bench.load;

import org.jspecify.annotations.NullMarked;
