/** Realised and unrealised profit and loss of accounts, from the fills in the journal. */
@NullMarked
package kr.kisgateway.gateway.profit;

import org.jspecify.annotations.NullMarked;
