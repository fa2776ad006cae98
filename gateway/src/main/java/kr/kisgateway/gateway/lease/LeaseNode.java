package kr.kisgateway.gateway.lease;

/**
 * A gateway of a cluster.
 *
 * @param id of its data folder; the same after a restart
 * @param run of the process, random; empty for one that need not be distinguished from others of its id
 * @param name for people
 * @param address where its API answers other nodes
 * @param candidate whether it may hold a lease
 */
public record LeaseNode(String id, String run, String name, String address, String version, boolean candidate) {}
