package kr.kisgateway.gateway.lease;

/**
 * A gateway that may hold a lease.
 *
 * @param id of its data folder; the same after a restart
 * @param name for people
 * @param address where its API answers other nodes
 */
public record LeaseNode(String id, String name, String address, String version) {}
