package kr.kisgateway.client;

/**
 * Connections of a client to KIS's REST servers.
 *
 * @param leased connections in use
 * @param idle open connections that wait for a call
 * @param waiting calls that wait for a connection
 * @param max how many there may be
 */
public record PoolState(int leased, int idle, int waiting, int max) {}
