/**
 * Programs to start from, each with one thing to show. Without credentials they talk to a simulator that they start
 * themselves; with {@code KIS_ENV} and credentials in the environment or in {@code .env} the same programs talk to KIS.
 */
@NullMarked
package kr.kisgateway.examples;

import org.jspecify.annotations.NullMarked;
