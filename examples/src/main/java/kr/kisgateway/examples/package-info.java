/**
 * Programs to start from, each with one subject. Without credentials they use a simulator that they start themselves;
 * with {@code KIS_ENV} and credentials in the environment or in {@code .env} the same programs use KIS.
 */
@NullMarked
package kr.kisgateway.examples;

import org.jspecify.annotations.NullMarked;
