/** Periodic work: who runs it, and how it ends. */
@NullMarked
package kr.kisgateway.gateway.task;

import org.jspecify.annotations.NullMarked;
