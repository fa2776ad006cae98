package kr.kisgateway.client.krx;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import javax.net.ssl.SSLContext;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.address.Addresses;

/**
 * The configuration of the exchange's Open API, validated once.
 *
 * @param base the folder above the groups of services, ending with /; https, or http to this machine only
 * @param authKey the key issued by the exchange ({@code KRX_AUTH_KEY})
 * @param timeout how long a complete answer may take
 * @param answerBytesMax the largest answer; the largest real one has 600,000 bytes
 * @param callsPerDay calls to allow each day; empty for what the exchange allows
 * @param tls trusted certificates; empty for the JVM's own trust
 */
public record KrxConfig(
        URI base,
        Secret authKey,
        Duration timeout,
        int answerBytesMax,
        OptionalInt callsPerDay,
        Optional<SSLContext> tls) {
    /** The largest setting of calls a day. */
    public static final int CALLS_PER_DAY_MAX = 1_000_000;

    /** The form of a custom address. */
    public static final String EXAMPLE = "https://host/svc/apis/";

    private static final URI EXCHANGE = URI.create("https://data-dbg.krx.co.kr/svc/apis/");

    public KrxConfig {
        if (!Addresses.isSafe(base)) {
            throw new IllegalArgumentException("the address must be https (plain http only to this machine): " + base);
        }
        if (!base.getPath().endsWith("/")) {
            throw new IllegalArgumentException("the address must end with /: " + base);
        }
        if (authKey.reveal().isEmpty() || !authKey.reveal().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("the key must be visible ASCII characters without blanks");
        }
        if (!timeout.isPositive() || answerBytesMax < 1) {
            throw new IllegalArgumentException("timeout and size must be more than nothing");
        }
        if (callsPerDay.isPresent() && callsPerDay.getAsInt() < 0) {
            throw new IllegalArgumentException("a number of calls cannot be negative");
        }
    }

    /** The exchange's server, 20 s for an answer, 8 MiB, as many calls as the exchange allows. */
    public static KrxConfig standard(Secret authKey) {
        return new KrxConfig(EXCHANGE, authKey, Duration.ofSeconds(20), 8 << 20, OptionalInt.empty(), Optional.empty());
    }

    /** The same at another address. */
    public KrxConfig from(URI otherBase) {
        return new KrxConfig(otherBase, authKey, timeout, answerBytesMax, callsPerDay, tls);
    }

    /** The same with another number of calls a day; empty for what the exchange allows. */
    public KrxConfig withCallsPerDay(OptionalInt otherCallsPerDay) {
        return new KrxConfig(base, authKey, timeout, answerBytesMax, otherCallsPerDay, tls);
    }
}
