package kr.kisgateway.gateway.pool;

import java.time.Duration;

/**
 * Rules for allocating registrations.
 *
 * @param outweighTime how long a newcomer must outweigh a registration before it replaces it
 * @param dwell minimum duration of a registration
 * @param linger how long a registration without subscribers stays, unless another demand needs the slot; how long slots left over
 *     wait for further demands after one
 * @param churnPerMinute maximum of registration requests in any minute
 * @param confirmTimeout how long KIS may leave a registration unconfirmed before its values are polled
 * @param retryDelay how long a demand is polled after KIS refused it
 * @param keyShare slots of a hundred that the symbols of one API key have before those of other keys
 * @param statuses whether slots left over go to the statuses of pushed demands
 */
public record PoolRules(
        Duration outweighTime,
        Duration dwell,
        Duration linger,
        int churnPerMinute,
        Duration confirmTimeout,
        Duration retryDelay,
        int keyShare,
        boolean statuses) {
    private static final int CHURN_PER_KEY = 60;

    /** 30 s, 60 s, 2 s, 60 a minute for each app key, 5 s, 60 s. */
    public static PoolRules standard(int appKeys, int keyShare, boolean statuses) {
        return new PoolRules(
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(2),
                CHURN_PER_KEY * appKeys,
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                keyShare,
                statuses);
    }
}
