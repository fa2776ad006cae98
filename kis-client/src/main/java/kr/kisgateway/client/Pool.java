package kr.kisgateway.client;

import java.time.Duration;

/**
 * Connections to KIS's REST calls.
 *
 * @param total how many at most
 * @param perRoute how many at most to one host
 * @param validateAfter how long a connection may idle before it is looked at again
 * @param timeToLive how old a connection may become
 */
public record Pool(int total, int perRoute, Duration validateAfter, Duration timeToLive) {
    public Pool {
        if (total < 1 || perRoute < 1 || perRoute > total) {
            throw new IllegalArgumentException("a pool has at least one connection, and no more a route than in all");
        }
        if (!validateAfter.isPositive() || !timeToLive.isPositive()) {
            throw new IllegalArgumentException("validateAfter and timeToLive must be longer than nothing");
        }
    }
}
