/**
 * Leases in PostgreSQL: of several gateways that share a database, one owns the app keys, the accounts and the journal. Each
 * change of the owner raises an epoch, which every transaction of the owner verifies, and the owner stops by itself before its lease
 * can have ended. docs/CLUSTER.md describes the guarantees and what remains open.
 */
@NullMarked
package kr.kisgateway.gateway.lease;

import org.jspecify.annotations.NullMarked;
