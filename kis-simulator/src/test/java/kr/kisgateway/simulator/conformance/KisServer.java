package kr.kisgateway.simulator.conformance;

import java.net.URI;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ServiceLoader;

/** A server that speaks KIS, as its programs meet it. */
interface KisServer extends AutoCloseable {
    /** Which of KIS's two brokers, and the words in which they differ. */
    enum Face {
        LIVE,
        PAPER;

        /** A TR id of an account or order call in this broker's spelling. */
        String tr(String live) {
            return this == LIVE ? live : "V" + live.substring(1);
        }
    }

    /**
     * What a test needs of a server.
     *
     * @param at when it begins
     * @param sessions whether the exchanges' hours hold; otherwise it trades at every hour
     * @param callsPerSecond the call limit, and that of the ledger
     * @param tradesPerSecond of each stock that is looked at
     * @param pingPeriod between two PINGPONGs
     * @param identities YAML that says who may call; "" = anybody
     */
    record ServerSpec(
            Face face,
            ZonedDateTime at,
            boolean sessions,
            double callsPerSecond,
            double tradesPerSecond,
            Duration pingPeriod,
            String identities) {
        /** One that trades at every hour and never refuses a call for being too many. */
        static ServerSpec of(Face face, String koreanTime) {
            return new ServerSpec(
                    face,
                    ZonedDateTime.parse(koreanTime + "+09:00[Asia/Seoul]"),
                    false,
                    10_000,
                    20,
                    Duration.ofSeconds(100),
                    "");
        }

        ServerSpec withSessions() {
            return new ServerSpec(face, at, true, callsPerSecond, tradesPerSecond, pingPeriod, identities);
        }

        ServerSpec withCallsPerSecond(double calls) {
            return new ServerSpec(face, at, sessions, calls, tradesPerSecond, pingPeriod, identities);
        }

        ServerSpec withTradesPerSecond(double trades) {
            return new ServerSpec(face, at, sessions, callsPerSecond, trades, pingPeriod, identities);
        }

        ServerSpec withPingPeriod(Duration period) {
            return new ServerSpec(face, at, sessions, callsPerSecond, tradesPerSecond, period, identities);
        }

        ServerSpec withIdentities(String yaml) {
            return new ServerSpec(face, at, sessions, callsPerSecond, tradesPerSecond, pingPeriod, yaml);
        }
    }

    /** Starts servers; the suite runs against the one that {@link ServiceLoader} finds. */
    interface Provider {
        KisServer start(ServerSpec spec);
    }

    static KisServer start(ServerSpec spec) {
        return ServiceLoader.load(Provider.class).findFirst().orElseThrow().start(spec);
    }

    URI rest();

    URI ws();

    /** Lets its time jump ahead; otherwise it runs as everywhere. */
    void jump(Duration time);

    /** Switches faults, as the simulator's {@code POST /simulator/faults} takes them. */
    void faults(String json);

    /** Lets a stock go to another price. */
    void move(String symbol, long price);

    @Override
    void close();
}
