/**
 * What may not be ordered, decided before anything is recorded or sent. Pure rules over given facts; a fact that is
 * unknown counts as unsafe, never as zero.
 */
@NullMarked
package kr.kisgateway.gateway.risk;

import org.jspecify.annotations.NullMarked;
