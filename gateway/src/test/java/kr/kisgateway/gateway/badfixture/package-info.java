/** A small house in which every rule of the real one is broken, so that a rule that has gone blind is noticed. */
package kr.kisgateway.gateway.badfixture;
