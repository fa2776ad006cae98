package kr.kisgateway.gateway;

import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.lease.LeaseKeeper;
import kr.kisgateway.gateway.lease.LeaseNode;
import kr.kisgateway.gateway.secret.MasterKey;

/**
 * A gateway of a cluster, whether it owns the accounts or not.
 *
 * @param data the locked folder of this node
 * @param node this gateway
 * @param postgres the database that the gateways share
 * @param keeper knows the other gateways
 * @param master read once: a place outside of the machine is not asked again at a take-over
 */
record Membership(DataFolder data, LeaseNode node, Postgres postgres, LeaseKeeper keeper, MasterKey master) {}
