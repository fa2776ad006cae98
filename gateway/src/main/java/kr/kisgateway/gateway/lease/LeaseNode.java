package kr.kisgateway.gateway.lease;

/**
 * A gateway of a cluster.
 *
 * @param id of its data folder; the same after a restart
 * @param name for people
 * @param address where its API answers other nodes
 * @param candidate whether it may hold a lease
 */
public record LeaseNode(String id, String name, String address, String version, boolean candidate) {}
