package kr.kisgateway.gateway.pool;

import java.time.Duration;

/**
 * How registrations are given out.
 *
 * @param outweighTime how long a newcomer must outweigh a registration before he gets it
 * @param dwell how long a registration stays at least once it was given
 * @param linger how long a registration stays that nobody wants any more, unless somebody else wants the place
 * @param churnPerMinute registrations asked for in any minute at most
 * @param confirmTimeout how long KIS may leave a registration unconfirmed before its values are polled
 * @param retryDelay how long a demand is polled after KIS refused it
 * @param keyShare places of a hundred that the symbols of one API key have before another's
 * @param statuses whether places that nobody else wants go to the statuses of what is pushed
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
