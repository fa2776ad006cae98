package kr.kisgateway.client;

import java.time.Duration;

/**
 * The connection pool of KIS's REST calls.
 *
 * @param total most connections
 * @param perRoute most connections to one host
 * @param validateAfter how long a connection may idle before it is checked again
 * @param timeToLive the highest age of a connection
 */
public record Pool(int total, int perRoute, Duration validateAfter, Duration timeToLive) {
    public Pool {
        if (total < 1 || perRoute < 1 || perRoute > total) {
            throw new IllegalArgumentException("a pool has at least one connection, and no more a route than in total");
        }
        if (!validateAfter.isPositive() || !timeToLive.isPositive()) {
            throw new IllegalArgumentException("validateAfter and timeToLive must be positive");
        }
    }
}
