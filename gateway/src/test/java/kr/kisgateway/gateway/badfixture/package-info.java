/** A small code base that breaks every rule of the real one, so that a rule that no longer finds violations is noticed. */
package kr.kisgateway.gateway.badfixture;
