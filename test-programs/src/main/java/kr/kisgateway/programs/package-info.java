/**
 * Test support: {@link kr.kisgateway.programs.LocalProgram} runs a built gateway or simulator as a process of its own, started as
 * {@code ./kis} starts it.
 */
@NullMarked
package kr.kisgateway.programs;

import org.jspecify.annotations.NullMarked;
